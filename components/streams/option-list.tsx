'use client';
import { Button } from '@mantine/core';
import { StatusBadge } from '@/components/ui/status-badge';
import type { Verdict } from '@/server/scaling/choice-comparison.schema';
import type { OptionFact } from '@/server/scaling/choice-option.schema';
import styles from './choices-page.module.css';

interface OptionListProps {
  verdicts: readonly Verdict[];
  /** absent: the role may not sign */
  onChoose?: ((key: string) => void) | undefined;
}

/** Every option with whether it remains and why; what is known of it, with its source, unfolds. */
export function OptionList({ verdicts, onChoose }: OptionListProps) {
  const ordered = [...verdicts].sort((a, b) => Number(b.remains) - Number(a.remains));
  return (
    <ul className={styles.options}>
      {ordered.map(({ option, remains, because }) => (
        <li key={option.key} className={styles.option} data-remains={remains}>
          <div className={styles.optionHead}>
            <h3 className={styles.optionName}>{option.name}</h3>
            <StatusBadge tone={remains ? 'good' : 'neutral'}>{remains ? 'remains' : 'falls out'}</StatusBadge>
            {remains && onChoose && (
              <Button
                size="compact-sm"
                variant="default"
                className={styles.choose}
                onClick={() => onChoose(option.key)}
              >
                Choose<span className="mr-visually-hidden"> {option.name}</span>
              </Button>
            )}
          </div>
          <p className={styles.optionAbout}>{option.about}</p>
          <ul className={styles.because}>
            {because.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          <details className={styles.facts}>
            <summary>What is known of it</summary>
            <dl>
              {option.facts.map((fact) => (
                <Fact key={fact.text} fact={fact} />
              ))}
            </dl>
          </details>
        </li>
      ))}
    </ul>
  );
}

function Fact({ fact: { about, text, source } }: { fact: OptionFact }) {
  return (
    <>
      <dt>{about}</dt>
      <dd>
        {text}{' '}
        {source.startsWith('https:') ? (
          <a href={source} target="_blank" rel="noreferrer">
            source<span className="mr-visually-hidden"> of: {text}</span>
          </a>
        ) : (
          <span className={styles.quiet}>({source})</span>
        )}
      </dd>
    </>
  );
}
