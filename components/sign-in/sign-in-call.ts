/** What came of a try to sign in. */
export type SignInResult =
  | { kind: 'signedIn' }
  | { kind: 'needsCode' }
  | { kind: 'refused'; message: string };

const UNREACHABLE = 'The server cannot be reached. Nothing was lost; please try again.';

/** Posts JSON to the console's own forms; the answer, or the words of its refusal. */
export async function postForm(
  path: string,
  body: unknown,
): Promise<{ ok: true; data: Record<string, unknown> } | { ok: false; status: number; message: string }> {
  try {
    const response = await fetch(`/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const data = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return { ok: true, data };
    return { ok: false, status: response.status, message: messageOf(data) };
  } catch {
    return { ok: false, status: 0, message: UNREACHABLE };
  }
}

function messageOf(problem: Record<string, unknown>): string {
  const [first] = Array.isArray(problem.errors) ? problem.errors : [];
  if (typeof first?.reason === 'string') return first.reason;
  if (typeof problem.detail === 'string') return problem.detail;
  return typeof problem.message === 'string' ? problem.message : 'It did not work. Nothing was changed.';
}

/** Signs in with address and password. */
export async function signIn(email: string, password: string): Promise<SignInResult> {
  const answer = await postForm('/sign-in/email', { email: email.trim(), password });
  if (answer.ok) return { kind: answer.data.twoFactorRedirect ? 'needsCode' : 'signedIn' };
  if (answer.status === 401) return { kind: 'refused', message: 'The address or the password is wrong.' };
  if (answer.status === 400)
    return { kind: 'refused', message: 'Give the address and the password of your account.' };
  return { kind: 'refused', message: answer.message };
}

/** Finishes a sign-in with a code of the authenticator app, or one of the backup codes. */
export async function confirmCode(kind: 'totp' | 'backup', code: string): Promise<SignInResult> {
  const path = kind === 'totp' ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code';
  const answer = await postForm(path, { code: code.trim() });
  if (answer.ok) return { kind: 'signedIn' };
  if (answer.status === 401 || answer.status === 400) {
    return {
      kind: 'refused',
      message: 'This code is not valid (any more). Try the next one, or sign in again.',
    };
  }
  return { kind: 'refused', message: answer.message };
}

/** Any origin: what resolves to another than it was asked from leads away. */
const HERE = 'http://here.invalid';

/** Where to go after signing in: a page of ours, else the role's own screen. */
export function nextPage(wanted: string | null): string {
  if (!wanted?.startsWith('/') || wanted.startsWith('/sign-in') || !URL.canParse(wanted, HERE)) return '/';
  // Read as browsers read it: they take backslashes for slashes, and tabs and line ends for nothing.
  return new URL(wanted, HERE).origin === HERE ? wanted : '/';
}
