import { describe, expect, it } from 'vitest';
import { joinSchema } from './join.schema';
import { applyUpdate, MAX_ITEMS } from './live.schema';
import { RoomLog } from './room';
import { parseRoom, roomText } from './room-name';

describe('a room’s name', () => {
  it('is read back as it was written, colons in the customer’s key included', () => {
    const room = { workspaceId: 'ws_1', topic: 'customer' as const, customer: 'crm:42:ü' };
    expect(parseRoom(roomText(room))).toEqual(room);
    const longest = roomText({ ...room, workspaceId: 'w'.repeat(80), customer: 'x'.repeat(512) });
    expect(parseRoom(longest)?.customer).toHaveLength(512);
    expect(joinSchema.safeParse({ room: longest }).success).toBe(true);
    expect(parseRoom('ws:ws_1:queue')).toEqual({ workspaceId: 'ws_1', topic: 'queue' });
  });

  it('is refused when it is anything else', () => {
    for (const text of [
      'ws:ws_1:customer',
      'ws:ws_1:queue:x',
      'ws:ws_1:constructor',
      'beat|ws_1',
      'revealed|ws:a:customer:b',
      `ws:ws_1:customer:${'x'.repeat(513)}`,
    ]) {
      expect(parseRoom(text), text).toBeNull();
    }
  });
});

describe('numbers and replay', () => {
  const entries = (key: string) => ({ entries: [[key, { at: 1 }]] });

  it('gives what was missed when it is kept, else nothing but a snapshot helps', () => {
    const log = new RoomLog('r', 'boot');
    for (let i = 0; i < 300; i += 1) log.next('entries', i, entries(`k${i}`));
    expect(log.missedSince({ boot: 'boot', seq: 298 })?.map(({ seq }) => seq)).toEqual([299, 300]);
    expect(log.missedSince({ boot: 'boot', seq: 300 })).toEqual([]);
    expect(log.missedSince({ boot: 'boot', seq: 10 })).toBeNull();
    expect(log.missedSince({ boot: 'boot', seq: 301 })).toBeNull();
    expect(log.missedSince({ boot: 'other', seq: 299 })).toBeNull();
  });

  it('replays to the same data as was held by who never left', () => {
    const log = new RoomLog('r', 'boot');
    const start = { entries: { a: 1 }, sla: 1 };
    const updates = [
      log.next('entries', 1, { entries: [['b', 2]] }),
      log.next('entries', 2, { entries: [['a', null]], sla: 2 }),
      log.next('entries', 3, { entries: [['b', 3]] }),
    ];
    const stayed = updates.reduce(applyUpdate, start as unknown);
    const left = [updates[0]].reduce(
      (held, update) => (update ? applyUpdate(held, update) : held),
      start as unknown,
    );
    const back = (log.missedSince({ boot: 'boot', seq: 1 }) ?? []).reduce(applyUpdate, left);
    expect(back).toEqual(stayed);
    expect(stayed).toEqual({ entries: { b: 3 }, sla: 2 });
  });

  it('keeps a feed bounded', () => {
    const held = { items: Array.from({ length: MAX_ITEMS }, (_, index) => index) };
    const after = applyUpdate(held, { kind: 'append', data: { items: ['new'] } }) as { items: unknown[] };
    expect([after.items.length, after.items.at(-1), after.items[0]]).toEqual([MAX_ITEMS, 'new', 1]);
  });
});
