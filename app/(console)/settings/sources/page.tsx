import type { Metadata } from 'next';
import { Sources } from '@/components/settings/sources';

export const metadata: Metadata = { title: 'Sources' };

export default function SourcesPage() {
  return <Sources />;
}
