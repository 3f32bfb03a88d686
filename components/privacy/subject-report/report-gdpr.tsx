import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import type { SubjectReport } from '../privacy-data';
import styles from './report.module.css';
import { ReportData } from './report-data';
import { ReportLooks, ReportSources, ReportWishes } from './report-shared';
import { Key, ReportTable } from './report-table';
import { timeWords } from './report-words';

/** The report as articles 15 and 20 of the GDPR ask: about the processing first, then the data itself. */
export function ReportGdpr({ report }: { report: SubjectReport }) {
  const { subject, purposes, retention } = report;
  return (
    <>
      <Pane title="Keys of this person" note={`${subject.keys.length}`}>
        <p className={styles.mono}>{subject.keys.join(', ')}</p>
        {subject.links.length > 0 && (
          <ReportTable
            label="Links"
            head={['From', 'To', 'When', 'Kind']}
            rows={subject.links.map(({ from, to, at, shared }) => [
              <Key key="from">{from}</Key>,
              <Key key="to">{to}</Key>,
              timeWords(at),
              shared ? 'shared with others' : 'the same person',
            ])}
            none=""
          />
        )}
      </Pane>
      <Pane title="Purposes and legal basis" note="article 15 (1) (a)">
        <ReportTable
          label="Purposes"
          head={['Purpose', 'This person', 'Assessment', 'Legal basis', 'Kept by it']}
          rows={purposes.flatMap((purpose) => purposeRows(purpose))}
          none=""
        />
      </Pane>
      <Pane title="How long it is kept" note="article 15 (1) (d)">
        <ReportTable
          label="Retention"
          head={['Data', 'Kept', 'Oldest of this person']}
          rows={retention.map(({ dataset, kept, oldest }) => [dataset, kept, timeWords(oldest)])}
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

function purposeRows({ title, plain, denied, assessments }: SubjectReport['purposes'][number]) {
  const allowed = (
    <StatusBadge key="allowed" tone={denied ? 'bad' : 'good'}>
      {denied ? 'denied' : 'allowed'}
    </StatusBadge>
  );
  const named = `${title}: ${plain}`;
  if (assessments.length === 0) return [[named, allowed, 'none on record', 'not recorded', '–']];
  return assessments.map(({ title: assessment, obstacle, legalBasis, retention }) => [
    named,
    allowed,
    obstacle === null ? `${assessment}, signed` : `${assessment}: ${obstacle}`,
    legalBasis ?? 'not recorded',
    retention ?? '–',
  ]);
}
