import type { Metadata } from 'next';
import { Suspense } from 'react';
import { DefinitionPage } from '@/components/streams/definition-page';

export const metadata: Metadata = { title: 'Definition' };

export default function Definition() {
  return (
    <Suspense>
      <DefinitionPage />
    </Suspense>
  );
}
