import { Fault } from '@/server/core/fault';
import { may, type Role } from '@/server/identity/policy';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from './audit.service';
import { exportedList, type ListName } from './exported-list.schema';

interface Exporter {
  workspaceId: string;
  userId: string;
  role: Role;
}

/**
 * Puts on record that somebody saves a list of the console as a file.
 * @throws Fault `forbidden` for a list the role may not see
 */
export async function noteExport(
  deps: Pick<Deps, 'db' | 'logRedis' | 'now'>,
  { workspaceId, userId, role }: Exporter,
  { list, rows }: { list: ListName; rows: number },
): Promise<void> {
  if (!may(role, exportedList(list).action)) {
    throw new Fault('forbidden', `Your role (${role}) may not save this list.`);
  }
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: 'list.exported',
    subject: list,
    details: { rows },
  });
}
