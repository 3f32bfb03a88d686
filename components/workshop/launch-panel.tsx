'use client';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useConfirm } from '@/components/ui/confirm';
import { formatCount } from '@/components/ui/format';
import { Icon } from '@/components/ui/icon';
import { TimeAgo } from '@/components/ui/time-ago';
import { toast, wordsOf } from '@/components/ui/toast';
import styles from './drawer.module.css';
import type { Card, Move } from './workshop-data';

interface LaunchPanelProps {
  card: Card;
  onChanged: () => unknown;
  onMove: (move: Move) => void;
}

const NEEDS = [
  { field: 'metric', words: 'A live metric is bound' },
  { field: 'prediction', words: 'A change of it is predicted' },
  { field: 'owner', words: 'Somebody owns it' },
  { field: 'dpia', words: 'A signed, valid DPIA' },
] as const;

/** What going live needs, each met or not with the reason, and the button; once live, since when and how to retire it. */
export function LaunchPanel({ card, onChanged, onMove }: LaunchPanelProps) {
  const trpc = useTRPC();
  const may = useMay();
  const { dialog, confirm } = useConfirm();
  const launch = useMutation(
    trpc.useCases.launch.mutationOptions({
      onSuccess: () => {
        void toast(`“${card.title}” is live`, 'good');
        return onChanged();
      },
      onError: () => onChanged(),
    }),
  );
  const running = card.stage === 'live' || card.stage === 'measured';
  const reasons = new Map(card.gaps.map(({ field, reason }) => [field as string, reason]));
  if (card.stage === 'retired') return null;
  return (
    <section className={styles.launch} aria-label={running ? 'Live' : 'Going live'}>
      <ul className={styles.needs}>
        {NEEDS.map(({ field, words }) => {
          const lack = reasons.get(field);
          return (
            <li key={field} data-met={lack === undefined}>
              <Icon name={lack === undefined ? 'check' : 'close'} size={14} />
              <span className="mr-visually-hidden">{lack === undefined ? 'met: ' : 'missing: '}</span>
              {lack ?? words}
            </li>
          );
        })}
      </ul>
      {launch.error && <p className={styles.error}>{wordsOf(launch.error)}</p>}
      {running ? (
        <div className={styles.launchRow}>
          <span className={styles.quiet}>
            {card.launchedAt !== null && (
              <>
                Live since <TimeAgo at={card.launchedAt} suffix="" />
              </>
            )}
          </span>
          {may('useCase.write') && (
            <Button
              variant="default"
              onClick={() =>
                confirm({
                  title: `Retire “${card.title}”?`,
                  loses: `Stops ${formatCount(card.rules.length, 'rule')} at once. Scores, baseline and history are kept; it can be launched again.`,
                  verb: 'Retire',
                  destructive: true,
                  act: async () => onMove({ id: card.id, stage: 'retired' }),
                })
              }
            >
              Retire
            </Button>
          )}
        </div>
      ) : (
        may('useCase.launch') && (
          <div className={styles.launchRow}>
            <span className={styles.quiet}>
              {card.gaps.length === 0
                ? wordsOfLaunch(card.holdoutPercent)
                : 'Refused until all four are met.'}
            </span>
            <Button
              disabled={card.gaps.length > 0}
              loading={launch.isPending}
              onClick={() => launch.mutate({ id: card.id })}
            >
              Go live
            </Button>
          </div>
        )
      )}
      {dialog}
    </section>
  );
}

function wordsOfLaunch(holdoutPercent: number): string {
  const baseline = 'The metric’s mean of the last 7 days is kept as baseline';
  return holdoutPercent === 0
    ? `${baseline}. Nobody is held out.`
    : `${baseline}; ${holdoutPercent} % of customers are held out.`;
}
