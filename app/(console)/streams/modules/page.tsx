import type { Metadata } from 'next';
import { ModulesPage } from '@/components/streams/modules-page';

export const metadata: Metadata = { title: 'Modules' };

export default function Modules() {
  return <ModulesPage />;
}
