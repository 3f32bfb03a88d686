import type { RuleHours } from './rule.schema';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAYS_A_WEEK = 7;

/** Whether a moment (ms since the epoch) lies in a rule's hours, told in its own time zone. */
export function compileHours(hours: RuleHours): (at: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: hours.timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const days = new Set(hours.days);
  const overnight = hours.to <= hours.from;
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1;
    const time = `${parts.get('hour')}:${parts.get('minute')}`;
    if (!overnight) return days.has(day) && time >= hours.from && time < hours.to;
    // The hours after midnight belong to the day on which they began.
    const dayBefore = day === 1 ? DAYS_A_WEEK : day - 1;
    return (days.has(day) && time >= hours.from) || (days.has(dayBefore) && time < hours.to);
  };
}
