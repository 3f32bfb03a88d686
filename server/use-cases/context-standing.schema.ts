export const CONTACT_CHANNELS = ['chat', 'call'] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

/** How many open chats or calls run on context older than their service level allows. */
export interface ContextStanding {
  open: number;
  /** of the open ones */
  behind: number;
  /** of the open ones: nobody is heard of who processes their events, so their context's age is not known */
  unknown: number;
  allowedSeconds: number;
}

/** An open contact whose context is older than allowed, or of unknown age. */
export interface OldContext {
  customer: string;
  channel: ContactChannel;
  /** null: not known */
  lagSeconds: number | null;
}

export interface ContextReading {
  /** ms */
  at: number;
  standing: Record<ContactChannel, ContextStanding>;
  /** whoever is furthest behind first, the unknown before all */
  contacts: OldContext[];
}
