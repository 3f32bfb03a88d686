import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';

/** A number for each workspace that is raised with every change of one kind: who keeps something in memory asks for it. */
export class ChangeCounters {
  /** @param kind prefix of the keys */
  constructor(private readonly kind: string) {}

  key(workspaceId: string): string {
    return `${this.kind}:version:${workspaceId}`;
  }

  async raise(redis: Redis, workspaceId: string): Promise<void> {
    await redis.incr(this.key(workspaceId));
  }

  /** In one round trip. */
  async read(redis: Redis, workspaceIds: readonly string[]): Promise<Map<string, string>> {
    const pipeline = redis.pipeline();
    for (const workspaceId of workspaceIds) pipeline.get(this.key(workspaceId));
    const values = valuesOf(await pipeline.exec());
    return new Map(workspaceIds.map((workspaceId, index) => [workspaceId, String(values[index] ?? '0')]));
  }
}
