import type { Metadata } from 'next';
import { OperationsPage } from '@/components/operations/operations-page';
import { Guard } from '@/components/shell/guard';
import { callerOf, signedInPerson } from '../signed-in';

export const metadata: Metadata = { title: 'Operations' };

const HOUR_MS = 3_600_000;

export default async function Operations() {
  return (
    <Guard action="operations.read">
      <OperationsPage changes={await changesOfLastHour()} />
    </Guard>
  );
}

/** In the first paint already; the page asks again by itself. Without them, or the right to them, it paints all the same. */
async function changesOfLastHour() {
  const actor = await signedInPerson();
  if (!actor) return undefined;
  const to = Date.now();
  return callerOf(actor)
    .operations.changes({ from: to - HOUR_MS, to })
    .catch(() => undefined);
}
