import type { EventType } from '@/server/event-log';
import { TRANSCRIPT_SHAPES, type TranscriptShape } from './transcripts';

/** What a path of the collector takes. */
export type Route =
  | { kind: 'call'; type: EventType }
  | { kind: 'batch' }
  | { kind: 'cloudevents' }
  | { kind: 'transcript'; shape: TranscriptShape }
  | { kind: 'settings'; writeKey: string };

const CALLS: Readonly<Record<string, EventType>> = {
  track: 'track',
  t: 'track',
  identify: 'identify',
  i: 'identify',
  page: 'page',
  p: 'page',
  screen: 'screen',
  s: 'screen',
  group: 'group',
  g: 'group',
  alias: 'alias',
  a: 'alias',
};

const FIXED = new Map<string, Route>([
  ...Object.entries(CALLS).map(([name, type]) => [`/v1/${name}`, { kind: 'call', type }] as const),
  ['/v1/batch', { kind: 'batch' }],
  ['/v1/b', { kind: 'batch' }],
  ['/v1/import', { kind: 'batch' }],
  ['/v1/cloudevents', { kind: 'cloudevents' }],
  ...TRANSCRIPT_SHAPES.map((shape) => [`/v1/transcripts/${shape}`, { kind: 'transcript', shape }] as const),
]);

/** The route of a path (without query); null when there is nothing. */
export function routeOf(path: string): Route | null {
  const found = FIXED.get(path);
  if (found) return found;
  const settings = /^\/v1\/projects\/([^/]{1,64})\/settings$/.exec(path);
  return settings?.[1] ? { kind: 'settings', writeKey: settings[1] } : null;
}
