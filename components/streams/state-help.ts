import type { HelpTopic } from '@/components/ui/page';

export const CHECKPOINTS_HELP: readonly HelpTopic[] = [
  {
    title: 'What a snapshot is',
    text: 'All that the stream knows of one partition as of one commit: offset, customers, timers, queue, consent, what is on its way to other partitions, and what was not archived yet. It is compressed, encrypted under a key of its own and written outside Redis.',
  },
  {
    title: 'Coming back',
    text: 'A lost Redis is rebuilt at the next start: each partition’s newest snapshot, then what history holds of its log after it, by the same processors. Events that were acknowledged and had not reached history are lost with Redis; the lag of the archive group says how many that would be.',
  },
  {
    title: 'The curve',
    text: 'Overhead is what snapshots took in the last hour, spread over another interval. Recovery loads every partition and replays the events of one whole interval, at the speeds that restore drills measured.',
  },
  {
    title: 'A drill',
    text: 'Restores a partition’s newest snapshot in memory, replays up to where the live partition stands, and compares the digests. Nothing live is touched. One runs every six hours by itself.',
  },
];

export const STATE_HELP: readonly HelpTopic[] = [
  {
    title: 'How the online store answers',
    text: 'Every read of a customer’s card by a screen, live push or a program, in all processes. Half of the reads take no longer than the first time, 99 of 100 no longer than the second. A hit is a customer of whom something is known; a search asks as well, with whatever was typed. Expired are hits to whom nothing has come for longer than the workspace’s limit. Also in /metrics as millrace_store_…; none of it says who was read.',
  },
  {
    title: 'What leaves by age',
    text: 'Customers silent for the given days of event time, with nothing waiting and every fact final. Whoever has ordered, has linked keys, or an open contact stays for ever: recency, frequency and value must not be forgotten. Someone who left and comes back begins anew; history keeps what was.',
  },
  {
    title: 'Explain a state',
    text: 'Looks one customer up: what is stored, the events it was made from, what these make now, and where the two differ. Personal parts stay hidden until the customer is revealed. Every look is in the audit.',
  },
  {
    title: 'Recomputation',
    text: 'In the background every customer is recomputed from history and compared with what is stored. A value that differs twice without having moved is listed here and counted by the metric “Divergent states”, which a threshold can watch.',
  },
];
