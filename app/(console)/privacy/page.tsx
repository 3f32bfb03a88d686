import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PrivacyScreen } from '@/components/privacy/privacy-screen';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Privacy' };

export default function PrivacyPage() {
  return (
    <Guard action="audit.read">
      <Suspense>
        <PrivacyScreen />
      </Suspense>
    </Guard>
  );
}
