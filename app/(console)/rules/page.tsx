import type { Metadata } from 'next';
import { Suspense } from 'react';
import { RulesScreen } from '@/components/rules/rules-screen';
import { Guard } from '@/components/shell/guard';

export const metadata: Metadata = { title: 'Rules' };

export default function RulesPage() {
  return (
    <Guard action="rule.read">
      <Suspense>
        <RulesScreen />
      </Suspense>
    </Guard>
  );
}
