import type { Metadata } from 'next';
import { FirstEventPage } from '@/components/ingestion/first-event-page';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Send your first event' };

export default function FirstEvent() {
  return (
    <Guard action="debugger.read">
      <FirstEventPage />
    </Guard>
  );
}
