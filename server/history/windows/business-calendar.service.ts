import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { type Transaction, withAudit } from '@/server/privacy';
import {
  countCalendars,
  deleteCalendar,
  findCalendar,
  insertCalendar,
  isNameTaken,
  MOST_CALENDARS,
  updateCalendar,
} from './business-calendar.repository';
import type { BusinessCalendarForm } from './business-calendar.schema';
import { namesUsingCalendar } from './window-definition.repository';

type Person = Pick<PersonActor, 'workspaceId' | 'userId'>;

const by = (person: Person) => ({ actorKind: 'person', actorId: person.userId }) as const;

/** @throws Fault `conflict` when the name is taken, or there are as many as anyone can look after */
export async function createCalendar(
  deps: Deps,
  person: Person,
  form: BusinessCalendarForm,
): Promise<{ id: string }> {
  const { workspaceId, userId } = person;
  const id = deps.newId('cal');
  await withAudit(deps, workspaceId, async (tx, audit) => {
    if ((await countCalendars(tx, workspaceId)) >= MOST_CALENDARS) {
      throw new Fault('conflict', `A workspace has at most ${MOST_CALENDARS} calendars. Remove one first.`);
    }
    await requireFreeName(tx, workspaceId, form.name, null);
    await insertCalendar(tx, { ...form, id, workspaceId, updatedById: userId });
    await audit({ ...by(person), action: 'calendar.created', subject: id, details: { ...form } });
  });
  return { id };
}

/**
 * Changes a calendar from the version the person saw; windows that follow it are worked out anew when they are looked at.
 * @throws Fault `conflict` when somebody else changed it meanwhile or the name is taken, `not_found` when it is gone
 */
export async function changeCalendar(
  deps: Deps,
  person: Person,
  { id, version, form }: { id: string; version: number; form: BusinessCalendarForm },
): Promise<void> {
  const { workspaceId, userId } = person;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = await findCalendar(tx, workspaceId, id);
    if (!before) throw new Fault('not_found', 'This calendar was removed.');
    await requireFreeName(tx, workspaceId, form.name, id);
    if (!(await updateCalendar(tx, { id, workspaceId, version }, form, userId))) {
      throw new Fault(
        'conflict',
        'Somebody else changed this meanwhile. Look at theirs, then change it again.',
      );
    }
    const details = { from: { ...before }, to: { ...form } };
    await audit({ ...by(person), action: 'calendar.changed', subject: id, details });
  });
}

/** @throws Fault `conflict` while windows follow it, naming them; `not_found` when it is gone already */
export async function removeCalendar(deps: Deps, person: Person, id: string): Promise<void> {
  const { workspaceId } = person;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = await findCalendar(tx, workspaceId, id);
    if (!before) throw new Fault('not_found', 'This calendar was removed already.');
    const users = await namesUsingCalendar(tx, workspaceId, id);
    if (users.length > 0) throw new Fault('conflict', `Windows follow this calendar: ${users.join(', ')}.`);
    await deleteCalendar(tx, workspaceId, id);
    await audit({ ...by(person), action: 'calendar.removed', subject: id, details: { ...before } });
  });
}

async function requireFreeName(
  tx: Transaction,
  workspaceId: string,
  name: string,
  except: string | null,
): Promise<void> {
  if (await isNameTaken(tx, workspaceId, name, except)) {
    throw new Fault('conflict', 'Another calendar has this name.');
  }
}
