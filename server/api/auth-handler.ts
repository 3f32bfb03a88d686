import { handleAuth } from '@/server/identity';
import { consoleParts } from './context';

/** Answers `/api/auth/*` of this process. */
export function answerAuth(request: Request): Promise<Response> {
  const { auth, publicUrl } = consoleParts();
  return handleAuth(auth, request, publicUrl);
}
