import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Desk } from '@/components/desk/desk';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Desk' };

export default function DeskPage() {
  return (
    <Guard action="desk.read">
      <Suspense>
        <Desk />
      </Suspense>
    </Guard>
  );
}
