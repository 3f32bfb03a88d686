import type { Metadata } from 'next';
import { ChoicesPage } from '@/components/streams/choices-page';

export const metadata: Metadata = { title: 'Choices' };

export default function Choices() {
  return <ChoicesPage />;
}
