import type { UpdateKind } from './live.schema';
import type { RoomState } from './room';

/** Two views of the same room: personal data is masked unless this person has revealed it. */
export type Audience = 'masked' | 'revealed';

/** How a source tells its room. `data` may differ by audience; then it is asked for each audience that is there. */
export type Publish = (
  kind: UpdateKind,
  at: number | null,
  data: unknown | ((audience: Audience) => unknown),
) => void;

/** Where a room's data comes from. Lives while somebody is in the room. */
export interface TopicSource {
  /** The state for a newcomer. @throws Fault when it cannot be read */
  snapshot(audience: Audience): Promise<RoomState> | RoomState;
  close(): void;
}

/** Opens the source of a room; resolves when it is ready to give snapshots. */
export type OpenSource = (publish: Publish) => Promise<TopicSource> | TopicSource;
