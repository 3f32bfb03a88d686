import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CustomerEvent } from '@/server/event-log';
import { type RecoveryReport, recoverState } from '@/server/history';
import type { WholeRecoveryOptions } from '@/server/history/recovery/recover-state.service';
import { folderStore } from '@/server/history/snapshots/folder-store.connector';
import { snapshotCodec } from '@/server/history/snapshots/snapshot-codec.connector';
import type { SnapshotKeeping } from '@/server/history/snapshots/snapshot-settings.connector';
import type { Totals } from '@/server/history/totals.service';
import type { Deps } from '@/server/platform/deps';
import { RunningStream } from './running-stream-fixture';
import { sendTraffic } from './traffic-fixture';

/** A product with one workspace that loses its log Redis, and builds it again from snapshots and history. */
export class LostStream {
  private constructor(
    readonly workspaceId: string,
    readonly shard: { shardId: number; partitions: number },
    /** the folder of the snapshots */
    readonly root: string,
    readonly keeping: SnapshotKeeping,
    private readonly stream: RunningStream,
  ) {}

  static async open(workspaceId: string, partitions: number): Promise<LostStream> {
    const stream = await RunningStream.open();
    const shard = await stream.makeShard(workspaceId, partitions);
    const root = mkdtempSync(join(tmpdir(), 'millrace-lost-'));
    const keeping: SnapshotKeeping = {
      store: folderStore(root),
      codec: snapshotCodec(createSecretKey(randomBytes(32))),
      intervalMs: 60_000,
      keep: 2,
    };
    return new LostStream(workspaceId, shard, root, keeping, stream);
  }

  get deps(): Deps {
    return this.stream.deps;
  }

  startWorkers(): Promise<void> {
    return this.stream.startWorkers();
  }

  killWorkers(): Promise<void> {
    return this.stream.killWorkers();
  }

  send(events: readonly CustomerEvent[], between?: (sent: number) => Promise<void>): Promise<void> {
    return sendTraffic(this.stream.log, this.shard, events, between);
  }

  finalTotals(events: number): Promise<Totals> {
    return this.stream.finalTotals(this.workspaceId, events);
  }

  /** Ends everything without warning and empties the log's Redis, as a lost disk does. */
  async lose(): Promise<void> {
    await this.stream.killWorkers();
    await this.deps.logRedis.flushdb();
  }

  recover(more: Partial<WholeRecoveryOptions> = {}): Promise<RecoveryReport> {
    const { keeping } = this;
    return recoverState(this.deps, {
      dedupMs: 1e12,
      idScope: 'shard',
      say: () => undefined,
      keeping,
      ...more,
    });
  }

  async close(): Promise<void> {
    await this.stream.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
