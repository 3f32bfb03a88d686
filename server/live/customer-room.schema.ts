import type { CardView } from '@/server/features/card-view.schema';
import type { TurnContest } from '@/server/features/label-contest.schema';
import type { Viewer } from './queue-room.schema';

export type { CardView } from '@/server/features/card-view.schema';

/** Data of the room `customer:<key>`. */
export interface CustomerRoomData {
  /** null: nobody is known under this key */
  card: CardView | null;
  /** labels of turns that agents contest, oldest first; null: they cannot be read just now */
  contests: TurnContest[] | null;
  /** who looks at this card now */
  viewers: Viewer[];
  /** whether personal data is shown to this person */
  revealed: boolean;
}
