import { Fault } from '@/server/core/fault';
import { allAdministeredBy, type PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import type { Env } from '@/server/platform/env';
import { writeAudit } from '@/server/privacy';
import type { StandingPorts } from './standing';
import { archiveOf, supportBundle } from './support-bundle';

/** A file as it travels in an answer of JSON. */
export interface TakenBundle {
  name: string;
  base64: string;
}

/** Gathering reads every store and log: once at a time in this process. */
let isGathering = false;

/**
 * The bundle for a person at the console. Its logs and figures are of all workspaces: who takes it administers all of
 * them, and in each it is on record before anything is read.
 * @throws Fault `forbidden` for who administers only some, `conflict` while another is gathered
 */
export async function takeSupportBundle(
  deps: Deps,
  person: Pick<PersonActor, 'userId'>,
  reason: string,
  { env, ports }: { env: Env; ports: StandingPorts },
): Promise<TakenBundle> {
  const workspaceIds = await allAdministeredBy(deps, person.userId);
  if (workspaceIds === null) {
    throw new Fault(
      'forbidden',
      'The bundle holds logs of every workspace here, and you do not administer all of them. On the machine, npm run support makes it.',
    );
  }
  if (isGathering) throw new Fault('conflict', 'A bundle is being gathered. Try again in a minute.');
  isGathering = true;
  try {
    for (const workspaceId of workspaceIds) {
      await writeAudit(deps, {
        workspaceId,
        actorKind: 'person',
        actorId: person.userId,
        action: 'supportBundle.taken',
        subject: workspaceId,
        reason,
      });
    }
    const madeAt = new Date(deps.now());
    const folder = `millrace-support-${madeAt.toISOString().slice(0, 16).replace(/\D/g, '')}`;
    const archive = await archiveOf(await supportBundle(env, () => deps, ports), folder, madeAt);
    return { name: `${folder}.tar.gz`, base64: archive.toString('base64') };
  } finally {
    isGathering = false;
  }
}
