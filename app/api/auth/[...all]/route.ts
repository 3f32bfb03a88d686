import { answerAuth } from '@/server/api/auth-handler';

export const dynamic = 'force-dynamic';

export { answerAuth as GET, answerAuth as POST };
