import { AsyncLocalStorage } from 'node:async_hooks';

/** What broke while the sign-in library answered: its answer says only that something did. */
const current = new AsyncLocalStorage<{ error?: unknown }>();

/** Called by the library with whatever was thrown inside it, refusals included. */
export function noteAuthFailure(error: unknown): void {
  const failure = current.getStore();
  if (failure) failure.error = error;
}

/** Runs the library. @throws what broke inside it, where it would answer with an empty 500 */
export async function orWhatBroke(answer: () => Promise<Response>): Promise<Response> {
  const failure: { error?: unknown } = {};
  const response = await current.run(failure, answer);
  if (response.status >= 500 && failure.error !== undefined) throw failure.error;
  return response;
}
