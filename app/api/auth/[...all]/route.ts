import { consoleParts } from '@/server/api/context';

export const dynamic = 'force-dynamic';

const handle = (request: Request): Promise<Response> => consoleParts().auth.handler(request);

export { handle as GET, handle as POST };
