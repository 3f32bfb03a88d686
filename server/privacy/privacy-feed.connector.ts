import type { Redis } from 'ioredis';

/** What the room `privacy` of a workspace is told: enough to know what to read again, no personal data. */
export type PrivacyMessage =
  | {
      kind: 'consentChanged';
      id: string;
      optedIn: boolean;
      purpose: string;
      requestedAt: number;
      effectMs: number;
    }
  | { kind: 'dpiaChanged'; id: string; status: string }
  | { kind: 'revealEnded'; userId: string; customer: string }
  | { kind: 'parityMended'; mended: number }
  | { kind: 'signalsTaken'; taken: number };

/** Not waited for: a screen that misses it reads again on its own. */
export function publishPrivacy(
  queueRedis: Redis,
  workspaceId: string,
  message: PrivacyMessage,
  at: number,
): void {
  const text = JSON.stringify({ ...message, at });
  void queueRedis.publish(`privacy:${workspaceId}`, text).catch(() => undefined);
}
