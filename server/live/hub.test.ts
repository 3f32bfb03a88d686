import type { Server, Socket } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { Hub } from './hub';
import type { LiveActor } from './live-actor';
import type { TopicSource } from './topic-source';

const ROOM = 'ws:ws_1:customer:ada';
const actor = { userId: 'user_1' } as LiveActor;

/** A socket that only remembers which channels it is in. */
function remembering() {
  const channels = new Set<string>();
  const socket = {
    id: 'socket_1',
    conn: {},
    join: async (channel: string) => channels.add(channel),
    leave: async (channel: string) => channels.delete(channel),
    emit: () => true,
  };
  return { channels, socket: socket as unknown as Socket };
}

function hubOf(): Hub {
  const io = { to: () => ({ emit: () => true }) };
  return new Hub(io as unknown as Server, 'boot', () => 0);
}

const source: TopicSource = { snapshot: (audience) => ({ at: 0, data: audience }), close: () => undefined };

describe('who may see the revealed view', () => {
  it('sees it no longer when the reveal ended while the room was opened', async () => {
    const { channels, socket } = remembering();
    const hub = hubOf();
    const opening = Promise.withResolvers<TopicSource>();
    const joining = hub.join(ROOM, () => opening.promise, { socket, actor, audience: 'revealed' });
    const ending = hub.setAudience(ROOM, actor.userId, 'masked');
    opening.resolve(source);
    const answer = await joining;
    await ending;
    expect([...channels]).toEqual([ROOM]);
    expect(answer.ok && answer.updates.map(({ data }) => data)).toEqual(['masked']);
  });

  it('sees it no longer after coming again without the right', async () => {
    const { channels, socket } = remembering();
    const hub = hubOf();
    await hub.join(ROOM, () => source, { socket, actor, audience: 'revealed' });
    await hub.join(ROOM, () => source, { socket, actor, audience: 'masked' });
    expect([...channels]).toEqual([ROOM]);
  });
});
