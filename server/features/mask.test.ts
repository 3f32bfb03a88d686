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
      traits: {
        firstName: 'Greta',
        lastName: 'Garbo',
        plan: 'plus',
        phone: '0711 2345678',
        email: 'greta@films.test',
        street: 'Am Wald-Ring 5 (hinten) [a] {b} a|b ^$ \\ / *+?.',
      },
      keys: ['device-1', 'greta.private@films.test'],
      lastEvents: [
        {
          at: 1,
          id: 'm1',
          name: 'Page of greta@films.test',
          type: 'page' as const,
          platform: 'web',
          item: '/letters/greta@films.test',
        },
      ],
      cart: {
        status: 'open' as const,
        openedAt: 1,
        lastAt: 1,
        abandonsAt: 2,
        items: [
          {
            item: 'card-greta@films.test',
            title: 'For Garbo, greta@films.test',
            quantity: 1,
            value: '1',
            currency: 'USD',
          },
          { item: '4006381333931', title: 'Pen', quantity: 1, value: '1', currency: 'USD' },
        ],
        value: '1',
        currency: 'USD',
        others: [],
        paymentsFailed: 0,
        atRisk: false,
      },
      contacts: [
        {
          id: 'c1',
          channel: 'call' as const,
          open: true,
          startedAt: 1,
          lastAt: 1,
          sentiment: null,
          trend: [],
          turns: [
            {
              turnId: '1',
              participant: 'customer' as const,
              text: 'this is greta GARBO, call 0711 2345678',
              beginMs: 0,
              at: 1,
            },
          ],
        },
      ],
      nextBestAction: {
        decision: 'd1',
        ruleId: 'r1',
        ruleVersion: 1,
        purpose: 'service',
        action: { title: 'Call back', reason: 'Greta Garbo wrote from greta@films.test', priority: 3 },
        at: 1,
      },
    };
    const masked = maskCard(cardView(card, { key: card.customer, readAt: 1_000, ttlMs: 1_000 }));
    const text = JSON.stringify({ ...masked, customer: '', key: '' });
    for (const part of ['greta', 'garbo', '2345678', '@films'])
      expect(text.toLowerCase()).not.toContain(part);
    expect(masked.keys).toEqual(['device-1', 'gr•••']);
    expect(text).toContain('plus');
    expect(masked.cart?.items[1]?.item).toBe('4006381333931');
    expect(masked.nextBestAction?.action.priority).toBe(3);
  });
});
