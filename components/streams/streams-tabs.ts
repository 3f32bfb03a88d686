/** A page of the section Streams. */
export interface StreamsTab {
  href: string;
  label: string;
  about: string;
}

/** Every page of the section, in the order of its tabs. The palette lists them too. */
export const STREAMS_TABS: readonly StreamsTab[] = [
  { href: '/streams', label: 'Topology', about: 'Operators with live rates, watermarks, state and lag' },
  { href: '/streams/lag', label: 'Lag', about: 'Seconds behind, time to drain, and the cause' },
  { href: '/streams/partitions', label: 'Partitions', about: 'Heat map, hot customers, what-if' },
  { href: '/streams/checkpoints', label: 'Checkpoints', about: 'Snapshots, overhead and recovery time' },
  { href: '/streams/state', label: 'State', about: 'Inventory, TTL dry run, explain a value' },
  { href: '/streams/late', label: 'Late events', about: 'Watermark, lateness, published and corrected' },
  { href: '/streams/duplicates', label: 'Duplicates', about: 'Look up a message: attempts and its effect' },
  { href: '/streams/windows', label: 'Windows', about: 'Tumbling, hopping and session windows, calendars' },
  {
    href: '/streams/sentiment',
    label: 'Sentiment',
    about: 'Labels that agents contest, and the model’s score',
  },
  {
    href: '/streams/modules',
    label: 'Modules',
    about: 'Builds, blast radius, equivalence before a cut-over',
  },
  { href: '/streams/definition', label: 'Definition', about: 'The pipeline, and its Flink SQL' },
  { href: '/streams/choices', label: 'Choices', about: 'Event log and engine compared, decisions recorded' },
];
