import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import { DO_NOT_SELL_PURPOSES } from '@/server/privacy/do-not-sell.schema';
import { PURPOSE_WORDS } from '@/server/privacy/purpose.schema';
import type { SubjectReport } from '../privacy-data';
import styles from './report.module.css';
import { ReportData } from './report-data';
import { ReportLooks, ReportSources, ReportWishes } from './report-shared';
import { ReportTable } from './report-table';
import { factWords, timeWords } from './report-words';

const DENIES = DO_NOT_SELL_PURPOSES.map((purpose) => PURPOSE_WORDS[purpose].title).join(' and ');

/** Since when; a denial that nobody asked for here came with events, or with a linked key. */
function sinceWords({ ccpa, consent }: SubjectReport): string {
  if (ccpa.doNotSellSince !== null) return `in force since ${timeWords(ccpa.doNotSellSince)}`;
  return consent.signals.length > 0
    ? 'by a signal that came with events: see Requests'
    : 'with a linked key: see Keys of this person in the GDPR reading';
}

/** The report as California's law asks: categories, sources, purposes, what is sold or shared, then the pieces themselves. */
export function ReportCcpa({ report }: { report: SubjectReport }) {
  const { ccpa, purposes } = report;
  return (
    <>
      <Pane title="Sold or shared">
        <div className={styles.status}>
          <StatusBadge tone={ccpa.doNotSell ? 'good' : 'neutral'}>
            {ccpa.doNotSell ? 'Do Not Sell or Share is on record' : 'Do Not Sell or Share was not asked for'}
          </StatusBadge>
          {ccpa.doNotSell && <span>{sinceWords(report)}</span>}
        </div>
        <p className={styles.lead}>
          This product itself sends nothing of a customer to third parties. A request not to sell or share
          denies the purposes {DENIES}. What other systems do with what they read by REST is not known here:
          “Who looked” names the programs.
        </p>
      </Pane>
      <Pane title="Categories collected" note="Civil Code § 1798.140 (v)(1)">
        <p className={styles.lead}>
          Told from the names of what is held. Values are not looked into: a name that hides what it holds is
          not found.
        </p>
        <ReportTable
          label="Categories"
          head={['', 'Category', 'Collected', 'Such as']}
          rows={ccpa.categories.map(({ letter, title, collected, examples }) => [
            letter,
            title,
            collected ? 'yes' : 'no',
            examples.map(factWords).join(', ') || '–',
          ])}
          none=""
        />
      </Pane>
      <Pane title="Business purposes">
        <ReportTable
          label="Business purposes"
          head={['Purpose', 'What for', 'This person']}
          rows={purposes.map(({ title, plain, denied }) => [title, plain, denied ? 'denied' : 'allowed'])}
          none=""
        />
      </Pane>
      <ReportSources report={report} />
      <ReportWishes report={report} />
      <ReportLooks report={report} />
      <ReportData report={report} />
    </>
  );
}
