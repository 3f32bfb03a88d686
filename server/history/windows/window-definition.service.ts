import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { type Transaction, withAudit } from '@/server/privacy';
import { findCalendar } from './business-calendar.repository';
import {
  countWindows,
  deleteWindow,
  findWindow,
  insertWindow,
  MOST_DEFINITIONS,
  updateWindow,
} from './window-definition.repository';
import type { WindowForm } from './window-definition.schema';

type Person = Pick<PersonActor, 'workspaceId' | 'userId'>;

const by = (person: Person) => ({ actorKind: 'person', actorId: person.userId }) as const;

/**
 * Makes a windowed aggregate.
 * @throws Fault `conflict` when the workspace has as many as anyone can look after, `bad_request` for an unknown calendar
 */
export async function createWindow(deps: Deps, person: Person, form: WindowForm): Promise<{ id: string }> {
  const { workspaceId, userId } = person;
  const id = deps.newId('win');
  await withAudit(deps, workspaceId, async (tx, audit) => {
    if ((await countWindows(tx, workspaceId)) >= MOST_DEFINITIONS) {
      throw new Fault('conflict', `A workspace has at most ${MOST_DEFINITIONS} of these. Remove one first.`);
    }
    await requireCalendar(tx, workspaceId, form);
    await insertWindow(tx, { ...form, id, workspaceId, updatedById: userId });
    await audit({ ...by(person), action: 'window.created', subject: id, details: { ...form } });
  });
  return { id };
}

/**
 * Changes a windowed aggregate from the version the person saw.
 * @throws Fault `conflict` when somebody else changed it meanwhile, `not_found` when it is gone
 */
export async function changeWindow(
  deps: Deps,
  person: Person,
  { id, version, form }: { id: string; version: number; form: WindowForm },
): Promise<void> {
  const { workspaceId, userId } = person;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = await findWindow(tx, workspaceId, id);
    if (!before) throw new Fault('not_found', 'This definition was removed.');
    await requireCalendar(tx, workspaceId, form);
    if (!(await updateWindow(tx, { id, workspaceId, version }, form, userId))) {
      throw new Fault(
        'conflict',
        'Somebody else changed this meanwhile. Look at theirs, then change it again.',
      );
    }
    const details = { from: { ...before }, to: { ...form } };
    await audit({ ...by(person), action: 'window.changed', subject: id, details });
  });
}

/** Removes a definition; the facts it was made from stay. @throws Fault `not_found` when it is gone already */
export async function removeWindow(deps: Deps, person: Person, id: string): Promise<void> {
  const { workspaceId } = person;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = await findWindow(tx, workspaceId, id);
    if (!before) throw new Fault('not_found', 'This definition was removed already.');
    await deleteWindow(tx, workspaceId, id);
    await audit({ ...by(person), action: 'window.removed', subject: id, details: { ...before } });
  });
}

async function requireCalendar(
  tx: Transaction,
  workspaceId: string,
  { definition }: WindowForm,
): Promise<void> {
  const { alignment } = definition;
  if (alignment.kind !== 'businessHours') return;
  if (!(await findCalendar(tx, workspaceId, alignment.calendarId))) {
    throw new Fault('bad_request', 'There is no such calendar.');
  }
}
