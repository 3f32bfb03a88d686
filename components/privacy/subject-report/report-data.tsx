import { formatCount, formatMoney } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import type { SubjectReport } from '../privacy-data';
import styles from './report.module.css';
import { Key, ReportTable, Time } from './report-table';
import { StateNotes, Waits } from './report-waits';
import { actionWords, factWords, timeWords, valuesInWords } from './report-words';

/** The copy of the data itself: articles 15 (3) and 20 of the GDPR. */
export function ReportData({ report }: { report: SubjectReport }) {
  const { events, facts, late } = report;
  return (
    <>
      <Profiles report={report} />
      <Pane title="Events" note={`${events.total} held`}>
        <p className={styles.lead}>
          First {timeWords(events.first)}, last {timeWords(events.last)}.
        </p>
        <ReportTable
          label="Events by name"
          head={['Name', 'Kind', 'Events', 'First', 'Last']}
          numbers={[2]}
          rows={events.byName.map((row) => [
            row.name || '(no name)',
            row.kind,
            row.events,
            timeWords(row.first),
            timeWords(row.last),
          ])}
          none="No event is held."
        />
        <h3 className={styles.sub}>By day ({report.workspace.timeZone})</h3>
        <ReportTable
          label="Events by day"
          head={['Day', 'Events']}
          numbers={[1]}
          rows={events.byDay.map(({ day, events: count }) => [day, count])}
          none="No event is held."
        />
        <h3 className={styles.sub}>The newest, one by one</h3>
        <ReportTable
          label="Newest events"
          head={['When', 'Name', 'Key', 'Platform', 'What it says']}
          rows={events.listed.map((event) => [
            <Time key="at" at={event.at} />,
            event.name || event.kind,
            <Key key="key">{event.key}</Key>,
            event.platform,
            valuesInWords(event.properties),
          ])}
          none="No event is held."
        />
      </Pane>
      <Pane title="Visits, carts and orders counted">
        <ReportTable
          label="Facts"
          head={['What', 'Count', 'Amount', 'First', 'Last']}
          numbers={[1, 2]}
          rows={facts.map((fact) => [
            factWords(fact.kind),
            fact.count,
            fact.amount !== null && fact.currency ? formatMoney(fact.amount, fact.currency) : '–',
            timeWords(fact.first),
            timeWords(fact.last),
          ])}
          none="Nothing was counted from events of this person."
        />
        {late.length > 0 && (
          <>
            <h3 className={styles.sub}>Events that came too late to count</h3>
            <ReportTable
              label="Late events"
              head={['When', 'Name', 'Key']}
              rows={late.map(({ at, name, key }) => [
                <Time key="at" at={at} />,
                name,
                <Key key="key">{key}</Key>,
              ])}
              none=""
            />
          </>
        )}
      </Pane>
      <Decisions report={report} />
      <Contests report={report} />
      <Waits report={report} />
      <StateNotes report={report} />
    </>
  );
}

function Profiles({ report: { profiles } }: { report: SubjectReport }) {
  return (
    <Pane title="Live profile" note={`${profiles.length}`}>
      {profiles.length === 0 && <p className={styles.quiet}>No live profile is kept.</p>}
      {profiles.map(({ region, card }) => (
        <div key={`${region} ${card.customer}`}>
          <p className={styles.lead}>
            <Key>{card.customer}</Key> in {region}:{' '}
            {card.optedOut
              ? 'opted out, no profile is kept.'
              : `${formatCount(card.events, 'event')}, ${formatCount(card.visits, 'visit')}, ${formatCount(card.carts.opened, 'cart')}, ${formatCount(card.rfm.orders, 'order')}.`}
          </p>
          <ReportTable
            label={`Traits of ${card.customer}`}
            head={['Trait', 'Value']}
            rows={card.traits.map(({ name, value }) => [name, value])}
            none="No trait is kept."
          />
          {card.contacts.length > 0 && <h3 className={styles.sub}>Conversations</h3>}
          {card.contacts.map((contact) => (
            <ReportTable
              key={contact.id}
              label={`Conversation ${contact.id}`}
              head={['When', 'Who', 'Said']}
              rows={contact.turns.map((turn) => [
                <Time key="at" at={new Date(turn.at).toISOString()} />,
                turn.participant,
                turn.text,
              ])}
              none="Nothing of what was said is kept."
            />
          ))}
        </div>
      ))}
    </Pane>
  );
}

function Decisions({ report: { decisions } }: { report: SubjectReport }) {
  return (
    <Pane title="Decisions" note={`${decisions.total}`}>
      <ReportTable
        label="Decisions"
        head={['When', 'Rule', 'For', 'What and why', 'Made from', 'Became']}
        rows={decisions.listed.map((decision) => [
          <Time key="at" at={decision.at} />,
          `${decision.rule}, version ${decision.ruleVersion}`,
          decision.purpose,
          actionWords(decision.action),
          valuesInWords(decision.inputs),
          decision.response ?? '–',
        ])}
        none="No rule decided anything about this person."
      />
    </Pane>
  );
}

function Contests({ report: { contests } }: { report: SubjectReport }) {
  if (contests.length === 0) return null;
  return (
    <Pane title="Labels of what was said that were contested" note={`${contests.length}`}>
      <ReportTable
        label="Contested labels"
        head={['When', 'Conversation', 'Turn', 'The model said', 'It should be', 'Why']}
        rows={contests.map((contest) => [
          <Time key="at" at={contest.at} />,
          contest.contactId,
          <Time key="turn" at={contest.turnAt} />,
          contest.modelLabel,
          contest.withdrawn ? `${contest.label} (withdrawn)` : contest.label,
          contest.reason ?? '–',
        ])}
        none=""
      />
    </Pane>
  );
}
