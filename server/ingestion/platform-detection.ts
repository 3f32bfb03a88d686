import { PLATFORMS, type Platform } from '@/server/event-log';

/** What a client may say of its device, in the words that are in use. A map: an object would know `constructor` too. */
const DEVICE_TYPES = new Map<string, Platform>([
  ['ios', 'ios'],
  ['iphone', 'ios'],
  ['ipad', 'ios'],
  ['android', 'android'],
  ['web', 'web'],
  ['browser', 'web'],
  ['desktop', 'web'],
  ['server', 'server'],
  ['pos', 'store'],
  ['kiosk', 'store'],
  ['till', 'store'],
  ['store', 'store'],
  ['device', 'device'],
  ['iot', 'device'],
  ['watch', 'device'],
  ['tv', 'device'],
]);

/** Whole words: the name axios does not tell of iOS. What is no letter, digits included, ends a word. */
const LIBRARIES: readonly (readonly [pattern: RegExp, platform: Platform])[] = [
  [/(?<![a-z])(analytics[.-]?js|analytics-next|snippet|gtag|web)(?![a-z])/i, 'web'],
  [/(?<![a-z])(ios|swift|objc)(?![a-z])/i, 'ios'],
  [/(?<![a-z])(android|kotlin)(?![a-z])/i, 'android'],
  [/(?<![a-z])(node(js)?|python|ruby|java|php|golang|analytics-go|csharp|rust|server)(?![a-z])/i, 'server'],
  [/(\.|(?<![a-z])dot)net(?![a-z])/i, 'server'],
];

const MAX_REMEMBERED = 500;
const libraries = new Map<string, Platform | null>();

/**
 * The platform of an event: what the source is set to, else the device, the library, or the user agent.
 * @param context of the event, unchecked
 * @param userAgent of the request, for events that bring none
 */
export function platformOf(setBySource: string | null, context: unknown, userAgent: string): Platform {
  const set = PLATFORMS.find((platform) => platform === setBySource);
  if (set) return set;
  if (typeof context !== 'object' || context === null) return platformOfAgent(userAgent);
  const { device, os, library, userAgent: own } = context as Record<string, unknown>;
  return (
    byDevice(textIn(device, 'type')) ??
    byDevice(textIn(os, 'name')) ??
    byLibrary(textIn(library, 'name')) ??
    platformOfAgent(typeof own === 'string' ? own : userAgent)
  );
}

function textIn(holder: unknown, key: string): string | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value = (holder as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}

function byDevice(type: string | undefined): Platform | undefined {
  return type === undefined ? undefined : DEVICE_TYPES.get(type.toLowerCase());
}

function byLibrary(name: string | undefined): Platform | undefined {
  if (name === undefined) return undefined;
  const known = libraries.get(name);
  if (known !== undefined) return known ?? undefined;
  const found = LIBRARIES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
  if (libraries.size < MAX_REMEMBERED) libraries.set(name, found);
  return found ?? undefined;
}

export function platformOfAgent(agent: string): Platform {
  if (agent.startsWith('Mozilla/') || agent.startsWith('Opera/')) return 'web';
  if (/CFNetwork|Darwin|iOS/.test(agent)) return 'ios';
  if (/okhttp|Dalvik|Android/.test(agent)) return 'android';
  return 'server';
}
