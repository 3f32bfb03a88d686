import { isKeepable } from '@/server/core/keepable-text';
import { MAX_KEY_LENGTH } from '@/server/core/key-length';
import { TOPIC_ACTIONS, type Topic } from '@/server/identity/policy';

/** A room a client may join: a topic of a workspace, or one customer in it. */
export interface RoomName {
  workspaceId: string;
  topic: Topic;
  /** only for the topic `customer` */
  customer?: string;
}

/** The room's name on the wire: `ws:<workspace>:<topic>` or `ws:<workspace>:customer:<key>`. */
export function roomText({ workspaceId, topic, customer }: RoomName): string {
  return customer === undefined ? `ws:${workspaceId}:${topic}` : `ws:${workspaceId}:${topic}:${customer}`;
}

/** Reads a room's name; null for anything that is not one. A customer key may contain colons. */
export function parseRoom(text: string): RoomName | null {
  const found = /^ws:([\w-]{1,80}):([a-zA-Z]+)(?::(.+))?$/su.exec(text);
  if (!found) return null;
  const [, workspaceId = '', topic = '', customer] = found;
  if (!Object.hasOwn(TOPIC_ACTIONS, topic)) return null;
  if ((topic === 'customer') !== (customer !== undefined)) return null;
  if (customer !== undefined && (customer.length > MAX_KEY_LENGTH || !isKeepable(customer))) return null;
  return { workspaceId, topic: topic as Topic, ...(customer === undefined ? {} : { customer }) };
}
