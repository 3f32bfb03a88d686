import { expect, it } from 'vitest';
import { findSourceByKey, shardsOf } from '@/server/identity';
import { createSource } from '@/server/identity/sources.service';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { addRegion } from '@/server/identity/workspace.service';
import { collectorFixture } from './testing/collector-fixture';

it('takes events to the region of their write key, whatever region they name themselves', async () => {
  const deps = await testDeps();
  const { workspaceId, actor } = await testWorkspace(deps, 'north');
  await addRegion(deps, actor('admin'), { region: 'eu-central' });
  const form = { name: 'Till', platform: null, eventsPerSec: 100, region: 'eu-central' };
  const { writeKey } = await createSource(deps, actor('admin'), form);
  const source = await findSourceByKey(deps, writeKey);
  const collector = await collectorFixture(source ?? {});
  const call = { userId: 'u', event: 'Tested', messageId: 'm', context: { region: 'local' } };
  // Twice: repeats are recognised there too.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect((await collector.post('/v1/track', call)).body).toMatchObject({ accepted: 1 });
  }
  const idsByRegion: Record<string, string[]> = {};
  for (const { region, shardId, partitions } of await shardsOf(deps, workspaceId)) {
    const cursors = Array.from({ length: partitions }, (_, partition) => ({ partition, after: '0' }));
    const entries = [...(await collector.log.read(shardId, cursors, 100)).values()].flat();
    const records = entries.flatMap((entry) => JSON.parse(entry.records) as { k: string; id: string }[]);
    idsByRegion[region] = records.filter(({ k }) => k === 'e').map(({ id }) => id);
  }
  expect(idsByRegion).toEqual({ local: [], 'eu-central': ['m'] });
  await collector.close();
});
