import type { HelpTopic } from '@/components/ui/page';

export const WINDOWS_HELP: readonly HelpTopic[] = [
  {
    title: 'Windows',
    text: 'A measure over spans of event time: tumbling ones follow each other, hopping ones overlap, a session lasts while no silence is longer than its gap. Windows begin since the epoch, at local midnight, or with the opening hours of a calendar; on the days the clocks change they have the hours those days have.',
  },
  {
    title: 'Watermark',
    text: 'Up to where time has passed: the newest fact of the slowest partition, less the delay. A partition that fell silent holds nobody back. A window closes when the watermark passes its end; its value is published then.',
  },
  {
    title: 'Provisional, then final',
    text: 'Within the allowed lateness facts still correct a closed window: the published value is taken back and published anew. After it the window is final.',
  },
  {
    title: 'Late',
    text: 'What comes later is dropped and counted (discard), listed with what it would have changed (side output), or changes the window all the same (correct).',
  },
  {
    title: 'How it is worked out',
    text: 'The engine’s own operators run over the archived facts in the order of the log, corrections included. Log time is told in steps, which the page names: what came within one step is not late to it.',
  },
];
