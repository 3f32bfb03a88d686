import type { CustomerCard } from '@/server/processors';
import type { CardView } from './card-view.schema';

/** A card with what screens and programs need beside it. Nothing is masked here. */
export function cardView(
  card: CustomerCard,
  reading: { key: string; readAt: number; expired: boolean },
): CardView {
  const traits = Object.entries(card.traits).map(([name, value]) => ({
    name,
    value: String(value),
    masked: false,
  }));
  return {
    ...card,
    ...reading,
    traits,
    displayName: nameFrom(card.traits) ?? card.customer,
    ageMs: Math.max(0, reading.readAt - card.at),
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
