'use client';
import type { ReactNode } from 'react';
import { useMay } from '@/components/shell/person';
import { PageLink } from '@/components/ui/page-link';
import { StatusBadge } from '@/components/ui/status-badge';
import { CardMetric } from './card-metric';
import styles from './drawer.module.css';
import { Effect } from './effect';
import { HoldoutComparison } from './holdout-comparison';
import { MetricCourse } from './metric-course';
import { ScoreBar } from './score-bar';
import type { Card } from './workshop-data';

/** All that speaks for or against it, each with where it comes from. */
export function Evidence({ card }: { card: Card }) {
  const may = useMay();
  return (
    <div className={styles.evidence}>
      {card.summary && <p className={styles.summary}>{card.summary}</p>}
      <Part title="Metric">
        {card.metric ? <CardMetric metric={card.metric} /> : <p className={styles.quiet}>None is bound.</p>}
        <MetricCourse card={card} />
      </Part>
      <Part title="Effect">
        <Effect card={card} />
      </Part>
      <Part title="Against the holdout">
        <HoldoutComparison card={card} />
      </Part>
      <Part title="Scores">
        {card.score ? (
          <>
            <ScoreBar score={card.score} />
            <ul className={styles.plainList}>
              {card.scores.map(({ userId, name, value, effort, note }) => (
                <li key={userId}>
                  {name ?? 'former member'}: value {value}, effort {effort}
                  {note && <span className={styles.quiet}>: {note}</span>}
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className={styles.quiet}>Nobody has scored it.</p>
        )}
      </Part>
      <Part title="DPIA">
        {card.dpia ? (
          <p className={styles.row}>
            {may('audit.read') ? (
              <PageLink href={`/privacy?tab=dpias&dpia=${encodeURIComponent(card.dpia.id)}`}>
                {card.dpia.title}
              </PageLink>
            ) : (
              card.dpia.title
            )}
            <StatusBadge tone={card.dpia.obstacle ? 'warn' : 'good'}>
              {card.dpia.obstacle ?? 'signed and valid'}
            </StatusBadge>
          </p>
        ) : (
          <p className={styles.quiet}>None is linked.</p>
        )}
      </Part>
      <Part title="Rules">
        {card.rules.length === 0 && <p className={styles.quiet}>None is bound to it.</p>}
        {card.rules.map((rule) => (
          <p key={rule.id} className={styles.row}>
            {may('rule.read') ? (
              <PageLink href={`/rules?rule=${encodeURIComponent(rule.id)}`}>{rule.name}</PageLink>
            ) : (
              rule.name
            )}
            <StatusBadge tone={rule.enabled ? 'good' : 'neutral'}>{rule.enabled ? 'on' : 'off'}</StatusBadge>
          </p>
        ))}
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className={styles.sub}>{title}</h3>
      {children}
    </section>
  );
}
