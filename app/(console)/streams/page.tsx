import type { Metadata } from 'next';
import { TopologyPage } from '@/components/streams/topology-page';

export const metadata: Metadata = { title: 'Topology' };

export default function Topology() {
  return <TopologyPage />;
}
