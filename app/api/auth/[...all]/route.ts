import { consoleParts } from '@/server/api/context';
import { handleAuth } from '@/server/identity';

export const dynamic = 'force-dynamic';

const handle = (request: Request): Promise<Response> => handleAuth(consoleParts().auth, request);

export { handle as GET, handle as POST };
