import type { Metadata } from 'next';
import { Suspense } from 'react';
import { WindowsPage } from '@/components/streams/windows-page';

export const metadata: Metadata = { title: 'Windows' };

export default function Windows() {
  return (
    <Suspense>
      <WindowsPage />
    </Suspense>
  );
}
