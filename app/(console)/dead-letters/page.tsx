import type { Metadata } from 'next';
import { DeadLettersPage } from '@/components/ingestion/dead-letters-page';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Dead letters' };

export default function DeadLetters() {
  return (
    <Guard action="deadLetter.read">
      <DeadLettersPage />
    </Guard>
  );
}
