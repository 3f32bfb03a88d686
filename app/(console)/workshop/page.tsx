import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Guard } from '@/components/shell/guard';
import { WorkshopScreen } from '@/components/workshop/workshop-screen';

export const metadata: Metadata = { title: 'Workshop' };

export default function WorkshopPage() {
  return (
    <Guard action="useCase.read">
      <Suspense>
        <WorkshopScreen />
      </Suspense>
    </Guard>
  );
}
