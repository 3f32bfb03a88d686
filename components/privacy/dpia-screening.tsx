'use client';
import { Radio, TextInput } from '@mantine/core';
import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import { CRITERIA, CRITERIA_FOR_DPIA, type DpiaContent } from '@/server/privacy/dpia.schema';
import styles from './dpia.module.css';

interface DpiaScreeningProps {
  screening: DpiaContent['screening'];
  readOnly: boolean;
  onChange: (screening: DpiaContent['screening']) => void;
}

/** The nine criteria, each answered with yes or no and a word why. */
export function DpiaScreening({ screening, readOnly, onChange }: DpiaScreeningProps) {
  const met = CRITERIA.filter(({ key }) => screening[key]?.met).length;
  const answered = CRITERIA.filter(({ key }) => screening[key] !== undefined).length;
  return (
    <Pane
      title="Screening"
      note={`${answered} of 9 answered`}
      actions={
        <StatusBadge tone={met >= CRITERIA_FOR_DPIA ? 'warn' : 'neutral'}>
          {met} met{met >= CRITERIA_FOR_DPIA ? ': an assessment is expected' : ''}
        </StatusBadge>
      }
      padded={false}
    >
      <ol className={styles.criteria}>
        {CRITERIA.map(({ key, title, ask }) => {
          const answer = screening[key];
          const put = (changes: Partial<NonNullable<typeof answer>>) =>
            onChange({ ...screening, [key]: { met: false, note: '', ...answer, ...changes } });
          return (
            <li key={key} className={styles.criterion}>
              <Radio.Group
                value={answer === undefined ? null : answer.met ? 'yes' : 'no'}
                onChange={(value) => put({ met: value === 'yes' })}
                label={title}
                description={ask}
                readOnly={readOnly}
              >
                <div className={styles.answers}>
                  <Radio value="yes" label="Yes" size="xs" disabled={readOnly && answer?.met !== true} />
                  <Radio value="no" label="No" size="xs" disabled={readOnly && answer?.met !== false} />
                  <TextInput
                    aria-label={`${title}: why`}
                    placeholder="Why"
                    value={answer?.note ?? ''}
                    onChange={(event) => put({ note: event.currentTarget.value })}
                    readOnly={readOnly}
                    disabled={answer === undefined}
                    maxLength={500}
                    className={styles.why}
                  />
                </div>
              </Radio.Group>
            </li>
          );
        })}
      </ol>
    </Pane>
  );
}
