import type { Metadata } from 'next';
import { StatePage } from '@/components/streams/state-page';

export const metadata: Metadata = { title: 'State' };

export default function State() {
  return <StatePage />;
}
