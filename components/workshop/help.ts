import type { HelpTopic } from '@/components/ui/page';

export const WORKSHOP_HELP: readonly HelpTopic[] = [
  {
    title: 'The board',
    text: 'Each card is a use case; its column is its stage. Drag a card, or focus it and press Shift with an arrow key, or use its menu.',
  },
  {
    title: 'Score',
    text: 'Everyone gives value and effort, 1 to 10. Score = value × (11 − effort), of 100. The bar shows lowest to highest, the mark the mean.',
  },
  {
    title: 'Scoring round',
    text: 'Everybody who has the Workshop open judges one card at a time against a clock. Scores stay private until they are shown to all at once, when the time is up or the leader says so; then they are on record.',
  },
  {
    title: 'Going live',
    text: 'Needs a live metric, a predicted change of it, an owner who is a member, and a signed, valid DPIA; metric and prediction are asked for at the approval already. The mean of the metric over the last seven days is kept as the baseline, with its spread, and who is held out is drawn. Metric, prediction and holdout then stay until it is retired.',
  },
  {
    title: 'After the launch',
    text: 'The card shows the predicted change beside the measured one: mean since the launch (last 24 hours at most) against the baseline.',
  },
  {
    title: 'Holdout',
    text: 'A share of customers that the rules leave alone: their decisions are written down and rest for the cool-down like all others, but nothing is offered or queued. The drawer compares what became of both within the hour after the first decision. “Not enough evidence yet” means fewer than 30 counted in an arm, or that no difference is still within the 95 % interval. Looked at every day, chance alone shows a difference more often than once in twenty.',
  },
  {
    title: 'One customer, several keys',
    text: 'The key an event belongs to when it is decided about tells the arm. When two keys turn out to be one customer, the user’s key tells it from then on; in the comparison the customer stays in the arm of the first decision.',
  },
];
