import type { Metadata } from 'next';
import { OperationsPage } from '@/components/operations/operations-page';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Operations' };

export default function Operations() {
  return (
    <Guard action="operations.read">
      <OperationsPage />
    </Guard>
  );
}
