import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { SnapshotStore } from './snapshot-store';

/** What every snapshot store must do. */
export function snapshotStoreConformance(make: () => SnapshotStore | Promise<SnapshotStore>): void {
  it('gives back the bytes it took, whatever they are', async () => {
    const store = await make();
    const bytes = randomBytes(300_000);
    await store.put('1/3/a.snap', bytes);
    expect((await store.get('1/3/a.snap'))?.equals(bytes)).toBe(true);
    await store.put('1/3/empty.snap', new Uint8Array());
    expect((await store.get('1/3/empty.snap'))?.length).toBe(0);
  });

  it('replaces an object of the same name as a whole', async () => {
    const store = await make();
    await store.put('1/4/a.snap', Buffer.from('a longer first text'));
    await store.put('1/4/a.snap', Buffer.from('short'));
    expect((await store.get('1/4/a.snap'))?.toString()).toBe('short');
  });

  it('has nothing under a name that was never put, or was removed', async () => {
    const store = await make();
    expect(await store.get('9/9/never.snap')).toBeNull();
    await store.put('1/5/a.snap', Buffer.from('x'));
    await store.remove('1/5/a.snap');
    await store.remove('1/5/a.snap');
    expect(await store.get('1/5/a.snap')).toBeNull();
    expect(await store.list('1/5/')).toEqual([]);
  });

  it('lists by prefix in order, beyond one page', async () => {
    const store = await make();
    const names = Array.from({ length: 1_005 }, (_, i) => `2/7/${String(i).padStart(5, '0')}.snap`);
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(names.slice(from, from + 50).map((name) => store.put(name, Buffer.from('x'))));
    }
    await store.put('2/70/a.snap', Buffer.from('x'));
    expect(await store.list('2/7/')).toEqual(names);
    expect((await store.list('2/')).at(-1)).toBe('2/70/a.snap');
  });

  it('refuses names that lead out of it', async () => {
    const store = await make();
    for (const name of ['../out', 'a/../../out', '/etc/x', 'a//b', '', 'a/./b', 'a b']) {
      await expect(async () => store.put(name, Buffer.from('x')), name).rejects.toThrow(/Not a name/);
      await expect(async () => store.get(name), name).rejects.toThrow(/Not a name/);
    }
  });
}
