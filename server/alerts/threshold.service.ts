import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import { readSamples } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy';
import { publishAlert, thresholdChanges } from './alert-feed.connector';
import { acknowledgeFiring } from './firing.repository';
import { type PreviewFiring, previewThreshold } from './preview-threshold';
import {
  countThresholds,
  deleteThreshold,
  findThreshold,
  insertThreshold,
  MOST_THRESHOLDS,
  updateThreshold,
} from './threshold.repository';
import type { AlertMessage, Condition, FiringView, ThresholdForm } from './threshold.schema';

type Person = Pick<PersonActor, 'workspaceId' | 'userId'>;

const SAMPLE_STEP_MS = 10_000;
const by = (person: Person) => ({ actorKind: 'person', actorId: person.userId }) as const;

/**
 * Makes a threshold; it is judged from the next second on.
 * @throws Fault `conflict` when the workspace has as many as anyone can look after
 */
export async function createThreshold(
  deps: Deps,
  person: Person,
  form: ThresholdForm,
): Promise<{ id: string }> {
  const id = deps.newId('thr');
  await withAudit(deps, person.workspaceId, async (tx, audit) => {
    if ((await countThresholds(tx, person.workspaceId)) >= MOST_THRESHOLDS) {
      throw new Fault('conflict', `A workspace has at most ${MOST_THRESHOLDS} thresholds. Remove one first.`);
    }
    await insertThreshold(tx, { ...form, id, workspaceId: person.workspaceId, updatedById: person.userId });
    await audit({ ...by(person), action: 'threshold.created', subject: id, details: { ...form } });
  });
  await announce(deps, person.workspaceId, id, form);
  return { id };
}

/**
 * Changes a threshold from the version the person saw.
 * @throws Fault `conflict` when somebody else changed it meanwhile, `not_found` when it is gone
 */
export async function changeThreshold(
  deps: Deps,
  person: Person,
  change: { id: string; version: number; form: ThresholdForm },
): Promise<void> {
  const { id, version, form } = change;
  const { workspaceId } = person;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = await findThreshold(tx, workspaceId, id);
    if (!before) throw new Fault('not_found', 'This threshold was removed.');
    if (!(await updateThreshold(tx, { id, workspaceId, version }, form, person.userId))) {
      throw new Fault(
        'conflict',
        'Somebody else changed this threshold meanwhile. Look at theirs, then change it again.',
      );
    }
    const { firings: _count, ...was } = before;
    await audit({
      ...by(person),
      action: 'threshold.changed',
      subject: id,
      details: { from: was, to: { ...form } },
    });
  });
  await announce(deps, workspaceId, id, form);
}

/** Removes a threshold and the record of its firings. @throws Fault `not_found` when it is gone already */
export async function removeThreshold(deps: Deps, person: Person, id: string): Promise<void> {
  const { workspaceId } = person;
  const removed = await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = await findThreshold(tx, workspaceId, id);
    if (!before || !(await deleteThreshold(tx, workspaceId, id))) {
      throw new Fault('not_found', 'This threshold was removed already.');
    }
    await audit({ ...by(person), action: 'threshold.removed', subject: id, details: { ...before } });
    return before;
  });
  await announce(deps, workspaceId, id, removed);
}

/** Notes who saw a firing; a second acknowledgement changes nothing. @throws Fault `not_found` */
export async function acknowledge(deps: Deps, person: Person, id: string): Promise<FiringView> {
  const { workspaceId, userId } = person;
  const { firing, first } = await withAudit(deps, workspaceId, async (tx, audit) => {
    const found = await acknowledgeFiring(tx, workspaceId, id, { userId, at: deps.now() });
    if (!found) throw new Fault('not_found', 'This firing is no longer on record.');
    if (found.first) {
      await audit({
        ...by(person),
        action: 'alert.acknowledged',
        subject: id,
        details: { threshold: found.firing.thresholdId, name: found.firing.name },
      });
    }
    return found;
  });
  if (first) {
    await tell(deps, workspaceId, {
      kind: 'acknowledged',
      at: deps.now(),
      id,
      name: firing.name,
      severity: firing.severity,
      metric: firing.metric,
      value: firing.value,
    });
  }
  return firing;
}

export interface ThresholdPreview {
  firings: PreviewFiring[];
  /** samples the preview was made from; none means that nothing can be said */
  samples: number;
}

/** What a condition would have done over a span of history (ms). */
export async function previewOverHistory(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  { condition, from, to }: { condition: Condition; from: number; to: number },
): Promise<ThresholdPreview> {
  const { metric, dimension } = condition;
  const samples = await readSamples(deps, workspaceId, {
    metrics: [metric],
    dimension,
    from,
    to,
    stepMs: SAMPLE_STEP_MS,
  });
  return { firings: previewThreshold(condition, samples), samples: samples.length };
}

async function announce(deps: Deps, workspaceId: string, id: string, form: ThresholdForm): Promise<void> {
  const { name, severity, metric, value } = form;
  await thresholdChanges.raise(deps.queueRedis, workspaceId).catch(() => undefined);
  await tell(deps, workspaceId, {
    kind: 'thresholdChanged',
    at: deps.now(),
    id,
    name,
    severity,
    metric,
    value,
  });
}

/** The record stands when the message cannot be sent: screens ask again, the evaluator reads anew twice a minute. */
async function tell(deps: Deps, workspaceId: string, message: AlertMessage): Promise<void> {
  await publishAlert(deps, workspaceId, message).catch(() => undefined);
}
