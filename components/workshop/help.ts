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
    text: 'Needs a live metric, an owner who is a member, and a signed, valid DPIA. The mean of the metric over the last seven days is kept as the baseline.',
  },
  {
    title: 'After the launch',
    text: 'The card shows the predicted change beside the measured one: mean since the launch (last 24 hours at most) against the baseline.',
  },
];
