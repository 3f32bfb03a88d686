import type { CustomerCard } from '@/server/processors';
import type { CardView } from './card-view.schema';

/** A card with what screens and programs need beside it. Nothing is masked here. */
export function cardView(
  card: CustomerCard,
  { key, readAt, ttlMs }: { key: string; readAt: number; ttlMs: number },
): CardView {
  const traits = Object.entries(card.traits).map(([name, value]) => ({
    name,
    value: String(value),
    masked: false,
  }));
  const expiresAt = card.events > 0 ? card.at + ttlMs : null;
  return {
    ...card,
    key,
    readAt,
    expiresAt,
    expired: expiresAt !== null && readAt > expiresAt,
    traits,
    displayName: nameFrom(card.traits) ?? card.customer,
    ageMs: Math.max(0, readAt - card.at),
  };
}

function nameFrom(traits: CustomerCard['traits']): string | null {
  const text = (...names: string[]) => {
    const found = names
      .map((name) => traits[name])
      .find((value) => typeof value === 'string' && value !== '');
    return found === undefined ? null : String(found);
  };
  const whole = text('name', 'fullName', 'full_name', 'displayName');
  if (whole !== null) return whole;
  const parts = [text('firstName', 'first_name'), text('lastName', 'last_name')].filter(
    (part) => part !== null,
  );
  return parts.length > 0 ? parts.join(' ') : null;
}
