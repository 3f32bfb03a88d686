'use client';
import { River } from '@/components/operations/river';
import { useOperations } from '@/components/operations/use-operations';
import { Page } from '@/components/ui/page';

/** The operators and what flows between them. */
export function TopologyPage() {
  const room = useOperations(true);
  return (
    <Page title="Topology">
      <River data={room.data} />
    </Page>
  );
}
