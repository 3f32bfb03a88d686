import type { Metadata } from 'next';
import { EscalationsPage } from '@/components/escalations/escalations-page';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Escalations' };

export default function Escalations() {
  return (
    <Guard action="escalation.read">
      <EscalationsPage />
    </Guard>
  );
}
