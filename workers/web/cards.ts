import type { CardReading } from '@/server/live';
import type { Deps } from '@/server/platform/deps';

export async function readCardFor(_deps: Deps, _workspaceId: string, key: string): Promise<CardReading> {
  return { at: null, customer: key, view: () => null };
}
