import type { Metadata } from 'next';
import { CheckpointsPage } from '@/components/streams/checkpoints-page';

export const metadata: Metadata = { title: 'Checkpoints' };

export default function Checkpoints() {
  return <CheckpointsPage />;
}
