import { handleAuth } from '@/server/identity';
import { consoleParts } from './context';

/** Answers `/api/auth/*` of this process. */
export function answerAuth(request: Request): Promise<Response> {
  return handleAuth(consoleParts().auth, request);
}
