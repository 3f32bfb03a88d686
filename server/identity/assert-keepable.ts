import { Fault } from '@/server/core/fault';
import { UNKEEPABLE, unkeepableIn } from '@/server/core/keepable-text';

/**
 * Refuses an input with a text that no store keeps, whatever a schema says of it: Postgres would fail at it as if we had.
 * @throws Fault `bad_request`
 */
export function assertKeepable(input: unknown): void {
  const field = unkeepableIn(input);
  if (field === null) return;
  const fields = [{ field, reason: UNKEEPABLE }];
  throw new Fault('bad_request', 'The request does not have the expected form.', { fields });
}
