import type { Metadata } from 'next';
import { WorkspaceSettings } from '@/components/settings/workspace';
import { callerOf, signedInPerson } from '../../signed-in';

export const metadata: Metadata = { title: 'Workspace' };

export default async function WorkspacePage() {
  return <WorkspaceSettings known={await knownSettings()} />;
}

/** In the first paint already, so that no form pushes another aside. Without them, or the right to them, it paints all the same. */
async function knownSettings() {
  const actor = await signedInPerson();
  if (!actor) return {};
  const { workspace, queue, escalations } = callerOf(actor);
  const orNothing = () => undefined;
  const [known, sla, plan] = await Promise.all([
    workspace.get().catch(orNothing),
    queue.sla().catch(orNothing),
    escalations.plan().catch(orNothing),
  ]);
  return { workspace: known, sla, plan };
}
