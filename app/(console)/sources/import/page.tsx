import type { Metadata } from 'next';
import { ImportPage } from '@/components/ingestion/import-page';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Import customers' };

export default function Import() {
  return (
    <Guard action="customer.import">
      <ImportPage />
    </Guard>
  );
}
