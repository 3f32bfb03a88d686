'use client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { CsvButton } from '@/components/ui/csv-button';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import type { AppRouter } from '@/server/api/root';
import type { RuleInput } from '@/server/decisions/rule.schema';
import styles from './rules.module.css';
import { EVERYONE, type Rule } from './rules-data';

interface RuleVersionsProps {
  rule: Rule;
  readOnly: boolean;
  /** puts an older definition into the form; saving makes it a new version */
  onTake: (taken: Pick<RuleInput, 'definition' | 'audienceId'>) => void;
}

type Version = inferRouterOutputs<AppRouter>['rules']['versions'][number];

const COLUMNS: readonly CsvColumn<Version>[] = [
  { title: 'Version', value: ({ version }) => version },
  { title: 'By', value: ({ by }) => by ?? 'former member' },
  { title: 'Made', value: ({ at }) => isoTime(at) },
  { title: 'When', value: ({ definition }) => definition.when.join(', ') },
  { title: 'Purpose', value: ({ definition }) => definition.purpose },
  { title: 'Priority', value: ({ definition }) => definition.priority },
  { title: 'Audience', value: ({ audience }) => audience?.name ?? EVERYONE },
  { title: 'Audience is', value: ({ audience }) => audience?.condition ?? null },
  { title: 'If', value: ({ definition }) => definition.if || 'always' },
  { title: 'Title', value: ({ definition }) => definition.then.title },
  { title: 'Reason', value: ({ definition }) => definition.then.reason },
];

/** Every version there was: decisions point at them. */
export function RuleVersions({ rule, readOnly, onTake }: RuleVersionsProps) {
  const trpc = useTRPC();
  const [open, setOpen] = useState<number | null>(null);
  const { data, isError, refetch } = useQuery(trpc.rules.versions.queryOptions({ id: rule.id }));
  return (
    <Pane
      title="Versions"
      note={data ? `${data.length}` : undefined}
      padded={false}
      actions={<CsvButton list="rule-versions" columns={COLUMNS} rows={data ?? []} />}
    >
      {isError && !data ? (
        <ErrorState compact onRetry={() => refetch()} />
      ) : !data ? (
        <SkeletonLines lines={3} />
      ) : (
        <ul className={styles.versions}>
          {data.map(({ version, definition, audience, by, at }) => (
            <li key={version}>
              <button
                type="button"
                className={styles.version}
                aria-expanded={open === version}
                onClick={() => setOpen(open === version ? null : version)}
              >
                <b>Version {version}</b>
                <span className={styles.quiet}>
                  {by ?? 'former member'}, <TimeAgo at={at} />
                </span>
              </button>
              {open === version && (
                <div className={styles.versionBody}>
                  <p>
                    When {definition.when.join(', ')} · {definition.purpose} · priority {definition.priority}
                  </p>
                  {audience && (
                    <>
                      <p>For {audience.name}, who then were</p>
                      <pre>{audience.condition}</pre>
                    </>
                  )}
                  <p>If</p>
                  <pre>{definition.if || 'always'}</pre>
                  <p>
                    {definition.then.title}: {definition.then.reason}
                  </p>
                  {!readOnly && version !== rule.version && (
                    <Button
                      variant="default"
                      onClick={() => onTake({ definition, audienceId: audience?.id ?? null })}
                    >
                      Put into the form
                    </Button>
                  )}
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </Pane>
  );
}
