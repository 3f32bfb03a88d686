import type { CardView } from '@/server/features/card-view.schema';
import type { Viewer } from './queue-room.schema';

export type { CardView } from '@/server/features/card-view.schema';

/** Data of the room `customer:<key>`. */
export interface CustomerRoomData {
  /** null: nobody is known under this key */
  card: CardView | null;
  /** who looks at this card now */
  viewers: Viewer[];
  /** whether personal data is shown to this person */
  revealed: boolean;
}
