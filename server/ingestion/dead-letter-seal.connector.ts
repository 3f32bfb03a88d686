import type { KeyObject } from 'node:crypto';
import { deriveKey, seal, unseal } from '@/server/platform/crypto';

/** Seals refused events, each bound to its workspace: one that is moved elsewhere does not open. */
export interface DeadLetterSeal {
  seal(plain: string, workspaceId: string): string;
  /** @throws Error when the key or the workspace is another */
  open(sealed: Uint8Array, workspaceId: string): string;
}

const context = (workspaceId: string) => `dead-letter:${workspaceId}`;

export function createDeadLetterSeal(masterKey: KeyObject): DeadLetterSeal {
  const key = deriveKey(masterKey, 'dead-letters');
  return {
    seal: (plain, workspaceId) => seal(key, Buffer.from(plain), context(workspaceId)).toString('base64'),
    open: (sealed, workspaceId) => unseal(key, sealed, context(workspaceId)).toString('utf8'),
  };
}
