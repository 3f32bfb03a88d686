import { describe, expect, it } from 'vitest';
import { emptyCard } from '@/server/processors/customer-card';
import { cardView } from './card-view';
import { isPersonalTrait, maskCard, maskKey, maskName, maskText } from './mask';

describe('masking', () => {
  it('keeps first letters of names, and cuts addresses and long numbers out of texts', () => {
    expect(maskName('Greta  Garbo')).toBe('G••• G•••');
    expect(maskText('mail greta.g+x@films.co.uk or +49 (711) 234-5678, order 1234')).toBe(
      'mail [e-mail] or [number], order 1234',
    );
  });

  it('takes every trait for personal that is not named as plain', () => {
    for (const name of ['email', 'First Name', 'birth_date', 'favouriteDoctor', 'iban']) {
      expect(isPersonalTrait(name), name).toBe(true);
    }
    for (const name of ['plan', 'loyaltyTier', 'Currency']) expect(isPersonalTrait(name), name).toBe(false);
  });

  it('masks keys that are addresses or numbers themselves', () => {
    expect(maskKey('greta@films.test')).toBe('gr•••');
    expect(maskKey('+49 711 2345678')).toBe('+4•••');
    expect(maskKey('customer-12345678')).toBe('customer-12345678');
  });

  it('leaves nothing personal in a card', () => {
    const card = {
      ...emptyCard('greta@films.test'),
      traits: { firstName: 'Greta', lastName: 'Garbo', plan: 'plus', phone: '0711 2345678' },
      nextBestAction: {
        decision: 'd1',
        ruleId: 'r1',
        ruleVersion: 1,
        purpose: 'service',
        action: { title: 'Call back', reason: 'wrote from greta@films.test', priority: 3 },
        at: 1,
      },
    };
    const masked = maskCard(cardView(card, { key: card.customer, readAt: 1_000, ttlMs: 1_000 }));
    const text = JSON.stringify({ ...masked, customer: '', key: '' });
    for (const part of ['Greta', 'Garbo', '2345678', 'greta@']) expect(text).not.toContain(part);
    expect(text).toContain('plus');
    expect(masked.nextBestAction?.action.priority).toBe(3);
  });
});
