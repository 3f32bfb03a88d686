import type { DpiaInput, Risk } from '@/server/privacy/dpia.schema';

const risk = (
  id: string,
  title: string,
  [severity, likelihood]: [number, number],
  measures: string,
  [residualSeverity, residualLikelihood]: [number, number],
): Risk => ({ id, title, severity, likelihood, measures, residualSeverity, residualLikelihood });

const no = (note = ''): { met: boolean; note: string } => ({ met: false, note });
const yes = (note: string): { met: boolean; note: string } => ({ met: true, note });

/** Helping and advising customers while they shop. */
export const SHOP_DPIA: DpiaInput = {
  title: 'Help and offers during a visit',
  description:
    'Events of the current visit decide whether an agent is asked to help; with the plan a customer has, also whether an offer may be made.',
  dueAt: null,
  content: {
    purposes: ['service', 'marketing'],
    screening: {
      scoring: yes('Carts are judged to be at risk from events of the visit.'),
      automated: no('An agent decides; nothing is done to the customer by itself.'),
      monitoring: yes('Visits are followed while they last.'),
      sensitive: no(),
      largeScale: no('One shop, customers of one country.'),
      matching: no('Only events the shop itself collects.'),
      vulnerable: no(),
      innovative: no(),
      barrier: no('A failed payment leads to help, never to a refusal.'),
    },
    processing:
      'Page views, cart changes, payments and orders of the visit are kept as the customer card. Rules look at them as they come and advise an agent.',
    necessity:
      'Help must come while the customer is still there; only the last 20 events and the cart are kept for it.',
    retention: 'Live card: 24 hours after the visit. History: 90 days, without key after an opt-out.',
    rights:
      'Customers opt out in their account, by phone or by e-mail; it takes effect within a second, for all linked keys.',
    risks: [
      risk(
        'r1',
        'An agent sees more about a customer than the help needs',
        [2, 3],
        'Names and contact data are masked; a reveal needs a reason, lasts five minutes and is on record.',
        [2, 1],
      ),
      risk(
        'r2',
        'A customer who opted out is still approached',
        [3, 2],
        'Flags are checked in the same commit as every decision; record and flags are compared every minute.',
        [3, 1],
      ),
      risk(
        'r3',
        'Offers single out people by what they can pay',
        [2, 2],
        'Offers depend on the cart alone, never on past purchases or the device.',
        [1, 1],
      ),
    ],
    opinion: '',
  },
};

/** Sentiment of calls as they are spoken. */
export const CALL_DPIA: DpiaInput = {
  title: 'Sentiment of support calls',
  description:
    'The words of a call are judged turn by turn, so that a supervisor can join a call that goes wrong.',
  dueAt: null,
  content: {
    purposes: ['service'],
    screening: {
      scoring: yes('Each turn of the customer is scored from −1 to 1.'),
      automated: no('A supervisor is told; the customer is treated no differently.'),
      monitoring: no('Only the call itself, announced at its beginning.'),
      sensitive: yes('What people say in distress may be intimate.'),
      largeScale: no(),
      matching: no(),
      vulnerable: no('Callers may be upset; no group of vulnerable people is addressed.'),
      innovative: yes('Few callers expect their mood to be measured.'),
      barrier: no(),
    },
    processing:
      'Transcripts are scored by a word list in memory. The last 60 turns stay with the contact until it is closed.',
    necessity:
      'A supervisor cannot hear every call; the words of the call are the least that tells which one needs them.',
    retention: 'Scores and turns: until the contact is closed, 24 hours at most.',
    rights: 'Callers are told at the beginning and may refuse: the call is then not transcribed.',
    risks: [
      risk(
        'r1',
        'The mood of a caller is used to judge the agent',
        [3, 2],
        'Scores are not kept per agent and not shown after the contact is closed.',
        [2, 1],
      ),
      risk(
        'r2',
        'A wrong score sends a supervisor into a good call',
        [1, 3],
        'Three turns are needed; the supervisor reads before joining.',
        [1, 2],
      ),
    ],
    opinion: '',
  },
};

/** A draft that is due: recommendations from what others bought. */
export const RECOMMENDATION_DPIA = (dueAt: Date): DpiaInput => ({
  title: 'Recommendations from similar visits',
  description: 'What visitors with a similar cart bought is shown beside the cart.',
  dueAt,
  content: {
    purposes: ['personalisation', 'profiling'],
    screening: {
      scoring: yes('Visitors are likened to each other.'),
      automated: yes('What is shown is chosen without a person.'),
      monitoring: yes('Visits are followed while they last.'),
    },
    processing: 'Carts of the last 30 days are compared; the ten nearest decide what is shown.',
    necessity: '',
    retention: '',
    rights: '',
    risks: [],
    opinion: '',
  },
});
