import { CHANNEL_WORDS, TARGET_WORDS } from '@/components/escalations/escalation-words';
import { formatMoney } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import type { SubjectReport } from '../privacy-data';
import styles from './report.module.css';
import { Key, ReportTable, Time } from './report-table';
import {
  becameWords,
  breachWords,
  outcomeWords,
  takenWords,
  timeWords,
  waitReasonWords,
} from './report-words';

/** When the person waited for an agent, who took them, and what was raised of it. */
export function Waits({ report: { waits, escalations } }: { report: SubjectReport }) {
  return (
    <Pane title="Waits for an agent" note={`${waits.total} on record`}>
      {waits.now.length > 0 && <WaitsNow now={waits.now} />}
      <h3 className={styles.sub}>Taken, or longer than a wait may take</h3>
      <ReportTable
        label="Waits for an agent"
        head={['Since', 'Why', 'Key', 'Past its time after', 'Taken', 'Ended']}
        rows={waits.listed.map((wait) => [
          <Time key="since" at={wait.since} />,
          waitReasonWords(wait.reason),
          <Key key="key">{wait.key}</Key>,
          breachWords(wait),
          takenWords(wait),
          wait.endedAt === null ? 'not yet' : `${outcomeWords(wait.outcome)}, ${timeWords(wait.endedAt)}`,
        ])}
        none="No wait of this person is on record."
      />
      {escalations.total > 0 && (
        <>
          <h3 className={styles.sub}>Raised while nobody had taken them</h3>
          <ReportTable
            label="Escalations"
            head={['Raised', 'Channel', 'Waited since', 'After', 'To', 'Became']}
            numbers={[3]}
            rows={escalations.listed.map((step) => [
              <Time key="raised" at={step.raisedAt} />,
              CHANNEL_WORDS[step.channel],
              timeWords(step.since),
              `${step.percent} %`,
              TARGET_WORDS[step.to],
              becameWords(step),
            ])}
            none=""
          />
        </>
      )}
    </Pane>
  );
}

function WaitsNow({ now }: Pick<SubjectReport['waits'], 'now'>) {
  return (
    <>
      <h3 className={styles.sub}>In the queue as this was made</h3>
      <ReportTable
        label="In the queue now"
        head={['Since', 'Why', 'Key', 'Channel', 'Value at risk']}
        numbers={[4]}
        rows={now.map(({ key, since, title, channel, value, currency }) => [
          <Time key="since" at={since} />,
          title,
          <Key key="key">{key}</Key>,
          channel,
          value !== null && currency ? formatMoney(value, currency) : '–',
        ])}
        none=""
      />
    </>
  );
}

/** What is noted of the profile as it is stored; as a rule nothing. */
export function StateNotes({ report: { stateNotes } }: { report: SubjectReport }) {
  const { left, differed } = stateNotes;
  if (left.length + differed.length === 0) return null;
  return (
    <Pane title="Notes on the live profile">
      {left.length > 0 && (
        <ReportTable
          label="Left by age"
          head={['Left by age', 'Key']}
          rows={left.map(({ key, at }) => [<Time key="at" at={at} />, <Key key="key">{key}</Key>])}
          none=""
        />
      )}
      {differed.length > 0 && (
        <>
          <h3 className={styles.sub}>Found to differ from what the events make it</h3>
          <ReportTable
            label="Found to differ"
            head={['Found', 'Key', 'Parts', 'Seen last', 'Right again']}
            rows={differed.map(({ key, parts, foundAt, seenAt, endedAt }) => [
              <Time key="at" at={foundAt} />,
              <Key key="key">{key}</Key>,
              parts.join(', '),
              timeWords(seenAt),
              timeWords(endedAt),
            ])}
            none=""
          />
        </>
      )}
    </Pane>
  );
}
