'use client';
import { useDebouncedValue } from '@mantine/hooks';
import { skipToken, useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useTRPC } from '@/components/api';
import { ConsequencePreview } from '@/components/ui/consequence-preview';
import { formatCount, formatNumber, formatPercent } from '@/components/ui/format';
import { TimeAgo } from '@/components/ui/time-ago';
import { wordsOf } from '@/components/ui/toast';
import type { AppRouter } from '@/server/api/root';
import styles from './rules.module.css';
import type { Audience } from './rules-data';

type Preview = inferRouterOutputs<AppRouter>['audiences']['preview'];

const TYPING_MS = 600;

interface AudiencePreviewProps {
  audience: Audience | null;
  /** null while it is empty or has faults: there is nobody to count */
  condition: string | null;
}

/** Who of the live customers is in the audience now and would be after saving, and the rules that would follow. */
export function AudiencePreview({ audience, condition }: AudiencePreviewProps) {
  const trpc = useTRPC();
  const [typed] = useDebouncedValue(condition, TYPING_MS);
  const preview = useQuery(
    trpc.audiences.preview.queryOptions(
      typed === null ? skipToken : { id: audience?.id ?? null, condition: typed },
      { placeholderData: (old) => old },
    ),
  );
  const shown = condition === null ? undefined : preview.data;
  return (
    <ConsequencePreview
      summary={
        condition === null
          ? 'Complete the condition to see who would be in it.'
          : shown && <Words {...shown} />
      }
      loading={preview.isFetching}
      error={preview.error ? wordsOf(preview.error) : null}
      window="live customers now"
    >
      {shown && <Basis preview={shown} />}
      {audience && (
        <Followers audience={audience} changes={condition !== null && condition !== audience.condition} />
      )}
    </ConsequencePreview>
  );
}

function Words({ before, after, lookedAt }: Preview) {
  if (after === null || lookedAt === 0) return 'Nobody visits now: there is nobody to count.';
  const share = <b>{`${formatNumber(after)} of ${formatNumber(lookedAt)}`}</b>;
  const percent = `(${formatPercent(after / lookedAt)} %)`;
  if (before === null) {
    return (
      <>
        {share} live customers looked at {percent} would be in it.
      </>
    );
  }
  return (
    <>
      {share} live customers looked at {percent} would be in it, <b>{formatNumber(before)}</b> are now.
    </>
  );
}

function Basis({ preview }: { preview: Preview }) {
  return (
    <p className={styles.basis}>
      {preview.isSample
        ? `A sample: ${formatCount(preview.lookedAt, 'customer')} who were active last; more may be visiting`
        : 'All who visit now were looked at'}
      , <TimeAgo at={preview.at} />
    </p>
  );
}

function Followers({ audience: { rules }, changes }: { audience: Audience; changes: boolean }) {
  if (rules.length === 0) return <p className={styles.basis}>No rule is for it.</p>;
  return (
    <div className={styles.basis}>
      {formatCount(rules.length, 'rule')} {rules.length === 1 ? 'is' : 'are'} for it
      {changes && (rules.length === 1 ? ' and gets a new version' : ' and get a new version each')}:
      <ul className={styles.followers}>
        {rules.map(({ id, name, enabled }) => (
          <li key={id}>
            {name} <span className={styles.quiet}>{enabled ? 'on' : 'off'}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
