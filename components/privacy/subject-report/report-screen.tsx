'use client';
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { downloadText } from '@/components/ui/csv';
import { Icon } from '@/components/ui/icon';
import { Page } from '@/components/ui/page';
import { PageLink } from '@/components/ui/page-link';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { wordsOf } from '@/components/ui/toast';
import type { SubjectReport } from '../privacy-data';
import { REPORT_HELP } from './help';
import styles from './report.module.css';
import { ReportCcpa } from './report-ccpa';
import { ReportGdpr } from './report-gdpr';
import { timeWords } from './report-words';

const LEAST_REASON = 5;
const VIEWS = [
  { value: 'gdpr', label: 'GDPR' },
  { value: 'ccpa', label: 'CCPA' },
] as const;

/** All that is held of one person: asked for with a reason, read by either law, printed or taken along. */
export function ReportScreen() {
  const trpc = useTRPC();
  const [customer] = useAddressParam('customer');
  const [reason, setReason] = useState('');
  // It says itself what went wrong, in the place of the report.
  const make = useMutation(trpc.subjectReports.make.mutationOptions({ onError: () => undefined }));
  const lacking = customer === '' || reason.trim().length < LEAST_REASON;
  return (
    <Page
      title="Subject report"
      about={
        customer === '' ? (
          'All that is held of one person'
        ) : (
          <>
            All that is held of <span className={styles.mono}>{customer}</span>
          </>
        )
      }
      help={REPORT_HELP}
      actions={
        <PageLink href={`/privacy?customer=${encodeURIComponent(customer)}`}>Back to the customer</PageLink>
      }
    >
      <form
        className={styles.ask}
        onSubmit={(event) => {
          event.preventDefault();
          if (!lacking) make.mutate({ customer, reason: reason.trim() });
        }}
      >
        <TextInput
          className={styles.why}
          label="Who asked for it, and how"
          placeholder="by letter of 1 March"
          description={`Stands in the audit, and in the report; ${LEAST_REASON} letters at least`}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          required
        />
        <Button type="submit" loading={make.isPending} disabled={lacking}>
          Make the report
        </Button>
      </form>
      {make.isPending ? (
        <SkeletonLines lines={12} />
      ) : make.data ? (
        <Made report={make.data} />
      ) : make.isError ? (
        <ErrorState title="The report could not be made">{wordsOf(make.error)}</ErrorState>
      ) : (
        <Pane padded={false}>
          <EmptyState icon="privacy" title="Not made yet" compact>
            {customer === ''
              ? 'Find a customer on the Privacy page first.'
              : 'It shows names and texts in clear. That it was made, by whom and why is on record.'}
          </EmptyState>
        </Pane>
      )}
    </Page>
  );
}

function Made({ report }: { report: SubjectReport }) {
  const [view, setView] = useAddressParam('view', 'gdpr');
  const Reading = view === 'ccpa' ? ReportCcpa : ReportGdpr;
  const name = `subject-report-${report.madeAt.slice(0, 10)}.json`;
  return (
    <article className={styles.report} aria-label="Report">
      <div className={styles.made}>
        <span>
          Made {timeWords(report.madeAt)} by {report.madeBy} for {report.workspace.name}: {report.reason}
        </span>
        <span className={styles.push} />
        <span className={`${styles.made} ${styles.tools}`}>
          <Choice
            label="Reading"
            value={view === 'ccpa' ? 'ccpa' : 'gdpr'}
            options={VIEWS}
            onChange={setView}
          />
          <Button
            variant="default"
            leftSection={<Icon name="download" size={14} />}
            onClick={() => downloadText(name, JSON.stringify(report, null, 2), 'application/json')}
          >
            JSON
          </Button>
          <Button variant="default" onClick={() => window.print()}>
            Print
          </Button>
        </span>
      </div>
      {report.cut.length > 0 && (
        <Pane title="What is left out">
          <ul className={styles.cut}>
            {report.cut.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Pane>
      )}
      <Reading report={report} />
    </article>
  );
}
