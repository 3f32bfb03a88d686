import type { Metadata } from 'next';
import { DuplicatesPage } from '@/components/streams/duplicates-page';

export const metadata: Metadata = { title: 'Duplicates' };

export default function Duplicates() {
  return <DuplicatesPage />;
}
