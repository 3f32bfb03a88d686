import type { OperationsReader } from '@/server/live';
import type { Deps } from '@/server/platform/deps';

/** What the room `operations` shows. */
export async function openOperations(_deps: Deps, _workspaceId: string): Promise<OperationsReader> {
  return { sample: () => null, snapshot: () => null };
}
