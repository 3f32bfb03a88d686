import type { Metadata } from 'next';
import { LagPage } from '@/components/streams/lag-page';

export const metadata: Metadata = { title: 'Lag' };

export default function Lag() {
  return <LagPage />;
}
