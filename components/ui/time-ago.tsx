'use client';
import { formatAge, formatDateTime } from './format';
import { useNow } from './shared-clock';

/** How long ago something was, ticking with the page's one timer. The full time with its zone is the title. */
export function TimeAgo({ at, suffix = ' ago' }: { at: number | string | Date; suffix?: string }) {
  const ms = typeof at === 'number' ? at : new Date(at).getTime();
  const now = useNow();
  if (now === 0) return <time dateTime={new Date(ms).toISOString()} />;
  const age = formatAge(now - ms);
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatDateTime(ms)}>
      {age === 'now' ? 'now' : `${age}${suffix}`}
    </time>
  );
}
