import { SECOND_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { attendAll } from './attended-fixture';
import { readClaims } from './queue-claim.service';
import { superviseQueue } from './queue-supervision.service';

type Workspace = Awaited<ReturnType<typeof testWorkspace>>;
interface Shard {
  shardId: number;
  partitions: number;
}

/** Two workspaces of a test file's own, whose queues are filled as a stream would, and looked at by a clock of its own. */
export class EscalationDesk {
  readonly clock = { now: Date.parse('2026-11-23T10:00:00Z') };
  readonly #shards: ReadonlyMap<string, Shard>;

  private constructor(
    readonly deps: Deps,
    readonly north: Workspace,
    readonly south: Workspace,
    shards: ReadonlyMap<string, Shard>,
  ) {
    this.deps = { ...deps, now: () => this.clock.now };
    this.#shards = shards;
  }

  static async open(): Promise<EscalationDesk> {
    const deps = await testDeps();
    const [north, south] = [await testWorkspace(deps, 'north'), await testWorkspace(deps, 'south')];
    const shards = new Map<string, Shard>();
    for (const { workspaceId } of [north, south]) {
      const [shard] = await shardsOf(deps, workspaceId);
      if (shard) shards.set(workspaceId, shard);
    }
    return new EscalationDesk(deps, north, south, shards);
  }

  /** Forgets what is on record and in the stream. */
  async clear(): Promise<void> {
    for (const { workspaceId } of [this.north, this.south]) {
      await withWorkspace(this.deps.db, workspaceId, async (tx) => {
        await tx.queueEscalation.deleteMany();
        await tx.escalationPlan.deleteMany();
        await tx.queueClaim.deleteMany();
      });
    }
    const stream = await this.deps.logRedis.keys('{*.*}:*');
    if (stream.length > 0) await this.deps.logRedis.del(stream);
  }

  /** A key of the customer's partition, by its last part. */
  keyOf(customer: string, name: string, { workspaceId } = this.north): string {
    const { shardId, partitions } = this.#shards.get(workspaceId) ?? { shardId: 0, partitions: 1 };
    return `{${shardId}.${partitionOf(customer, partitions)}}:${name}`;
  }

  enter(customer: string, channel = 'chat', since = this.clock.now, workspace = this.north) {
    const entry = { customer, reason: 'contact', title: 'chat', channel, since, at: since };
    return this.deps.logRedis.hset(this.keyOf(customer, 'queue', workspace), customer, JSON.stringify(entry));
  }

  leave(customer: string) {
    return this.deps.logRedis.hdel(this.keyOf(customer, 'queue'), customer);
  }

  pass(seconds: number): void {
    this.clock.now += seconds * SECOND_MS;
  }

  /** A process that was just started: it remembers nothing of earlier looks. */
  restarted(): Deps {
    return { ...this.deps, db: new Proxy(this.deps.db, {}) };
  }

  /** One look at queues that are of now. */
  async look(by = this.deps) {
    await attendAll(this.deps);
    return superviseQueue(by);
  }

  rowsOf({ workspaceId } = this.north) {
    return withWorkspace(this.deps.db, workspaceId, (tx) =>
      tx.queueEscalation.findMany({
        orderBy: [{ customer: 'asc' }, { waitedSince: 'asc' }, { percent: 'asc' }],
      }),
    );
  }

  /** Each row of the register in words. */
  async told(workspace = this.north): Promise<string[]> {
    return (await this.rowsOf(workspace)).map(({ customer, percent, raisedTo, takenById, leftAt }) =>
      [customer, percent, raisedTo, takenById ? 'taken' : leftAt ? 'left' : 'stands'].join(' '),
    );
  }

  /** What the agents' screen says of it. */
  async shown() {
    return (await readClaims(this.deps, this.north.workspaceId)).escalations;
  }
}
