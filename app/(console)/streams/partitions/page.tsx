import type { Metadata } from 'next';
import { PartitionsPage } from '@/components/streams/partitions-page';

export const metadata: Metadata = { title: 'Partitions' };

export default function Partitions() {
  return <PartitionsPage />;
}
