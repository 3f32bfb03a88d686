import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ReportScreen } from '@/components/privacy/subject-report/report-screen';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Subject report' };

export default function SubjectReportPage() {
  return (
    <Guard action="subject.report">
      <Suspense>
        <ReportScreen />
      </Suspense>
    </Guard>
  );
}
