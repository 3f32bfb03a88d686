import type { Metadata } from 'next';
import { LatePage } from '@/components/streams/late-page';

export const metadata: Metadata = { title: 'Late events' };

export default function Late() {
  return <LatePage />;
}
