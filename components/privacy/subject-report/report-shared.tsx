import { roleWords } from '@/components/shell/role-words';
import { Pane } from '@/components/ui/pane';
import { effectWords } from '../effect-words';
import type { SubjectReport } from '../privacy-data';
import styles from './report.module.css';
import { Key, ReportTable, Time } from './report-table';
import { timeWords } from './report-words';

/** Where the data came from: sources by name, with what each sent. */
export function ReportSources({ report: { events } }: { report: SubjectReport }) {
  return (
    <Pane title="Where it came from">
      <ReportTable
        label="Sources"
        head={['Source', 'Platform', 'Events', 'Last']}
        numbers={[2]}
        rows={events.bySource.map(({ sourceId, name, platform, events: count, last }) => [
          name ?? <Key key="id">{sourceId}</Key>,
          platform,
          count,
          timeWords(last),
        ])}
        none="No source sent anything of this person."
      />
    </Pane>
  );
}

/** Who looked at the person: who, when, what they had before their eyes, and why. */
export function ReportLooks({ report: { looks } }: { report: SubjectReport }) {
  return (
    <Pane title="Who looked" note={`${looks.total}`}>
      <ReportTable
        label="Who looked"
        head={['When', 'Who', 'Role now', 'Of', 'Screen', 'Fields', 'In clear', 'Why']}
        rows={looks.rows.map((look) => [
          <Time key="at" at={look.at} />,
          <span key="who" className={styles.time}>
            {look.actorName ?? `${look.actorKind} ${look.actorId}`}
          </span>,
          look.actorKind === 'key' ? 'program' : roleWords(look.role),
          <Key key="of">{look.customer}</Key>,
          look.screen,
          look.fields.join(', '),
          look.inClear ? 'yes' : 'no',
          look.reason ?? '–',
        ])}
        none="Nobody opened this person’s data."
      />
    </Pane>
  );
}

/** Every request of the person, with the time it took to be in force. */
export function ReportWishes({ report: { consent } }: { report: SubjectReport }) {
  return (
    <Pane title="Requests" note={`${consent.wishes.length}`}>
      <ReportTable
        label="Requests"
        head={['Asked', 'Wish', 'By key', 'Taken by', 'How', 'In force', 'Took', 'Points']}
        numbers={[7]}
        rows={consent.wishes.map((wish) => [
          <Time key="at" at={wish.requestedAt} />,
          `${wish.optedIn ? 'back in' : 'out'}: ${wish.purpose}`,
          <Key key="key">{wish.customer}</Key>,
          wish.takenBy,
          wish.reason ?? '–',
          timeWords(wish.acknowledgedAt),
          wish.effectMs === null ? 'not yet' : effectWords(wish.effectMs),
          wish.enforcementPoints,
        ])}
        none="The person has asked for nothing so far."
      />
      {consent.signals.length > 0 && (
        <>
          <h3 className={styles.sub}>Signals that came with events</h3>
          <ReportTable
            label="Consent signals"
            head={['When', 'Signal', 'Of key', 'Denies']}
            rows={consent.signals.map((signal) => [
              <Time key="at" at={signal.at} />,
              signal.title,
              <Key key="key">{signal.customer}</Key>,
              signal.denied.join(', ') || 'nothing',
            ])}
            none=""
          />
        </>
      )}
    </Pane>
  );
}
