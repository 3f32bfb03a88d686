import { createThreshold, listThresholds, type ThresholdForm } from '@/server/alerts';
import type { Deps } from '@/server/platform/deps';

/** What a new workspace is watched for: wide enough to be quiet when all is well. */
const STARTERS: ThresholdForm[] = [
  {
    name: 'Processing falls behind',
    metric: 'lagSeconds',
    dimension: '',
    comparison: 'above',
    value: 5,
    holdSeconds: 5,
    severity: 'critical',
    enabled: true,
  },
  {
    name: 'Many errors',
    metric: 'errorsPerMinute',
    dimension: '',
    comparison: 'above',
    value: 60,
    holdSeconds: 30,
    severity: 'warning',
    enabled: true,
  },
  {
    name: 'Carts are left behind',
    metric: 'abandonmentRate',
    dimension: '',
    comparison: 'above',
    value: 95,
    holdSeconds: 120,
    severity: 'warning',
    enabled: true,
  },
  {
    name: 'Events stop coming',
    metric: 'eventsPerSecond',
    dimension: '',
    comparison: 'below',
    value: 0.5,
    holdSeconds: 60,
    severity: 'warning',
    enabled: false,
  },
];

/** Thresholds to begin with; what is there by its name is not made again. */
export async function seedAlerts(
  deps: Deps,
  { workspaceId, people }: { workspaceId: string; people: { ops: string } },
): Promise<void> {
  const there = new Set((await listThresholds(deps, workspaceId)).map(({ name }) => name));
  for (const form of STARTERS) {
    if (!there.has(form.name)) await createThreshold(deps, { workspaceId, userId: people.ops }, form);
  }
}
