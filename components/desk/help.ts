import type { HelpTopic } from '@/components/ui/page';

export const DESK_HELP: readonly HelpTopic[] = [
  {
    title: 'The queue',
    text: 'Customers come in with an open chat or call, when a rule fires, or when their cart is at risk. The bar under a line runs out with the time they may wait; whoever runs out first stands on top. While the pointer is over the list nothing jumps: new customers wait behind a count.',
  },
  {
    title: 'Escalated',
    text: 'A chat or call that nobody has taken by a step set in Settings goes to the top of the queue, the furthest step first, and is marked “escalated”. “With ops” says that the people who supervise were told. Taking the customer ends it; giving them back lets it stand again.',
  },
  {
    title: 'Taking a customer',
    text: 'J and K move, Enter takes. The clock stops when you take them, and others see that they are yours. Say what became of it: helped, not reached, or give them back.',
  },
  {
    title: 'Old context',
    text: 'A card is as young as the events that were processed. When those of a customer in a chat or on a call lag behind the service level, the line says by how much, and the queue how many there are.',
  },
  {
    title: 'Catching up',
    text: 'After a first start, or when a source sends what happened while it was away, events of an earlier time come in. Who stood in the queue then may have left since: such lines are grey, without a countdown, and below all who are known to wait, until what happened since is processed.',
  },
  {
    title: 'Next best action',
    text: 'What a rule advises, with its reason and the purpose it is for. A accepts, D declines; both go on record and are counted for the rule. It is only offered for purposes that the customer allows.',
  },
  {
    title: 'Sentiment, and contesting it',
    text: 'A model that knows words, not irony and no language but English, labels each of the customer’s turns; underlined words made the label. Contest says what it should be, with a reason if you like: everybody who looks sees it at once beside the model’s label, and you can withdraw it. The sentiment of the contact stays as computed; who looks after the model sees how often it is contested.',
  },
  {
    title: 'Masked data',
    text: 'Names, addresses and numbers are masked. R reveals them to you for 5 minutes after you gave a reason. Looking at a card is on record too.',
  },
];
