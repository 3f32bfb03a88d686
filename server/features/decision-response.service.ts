import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy';
import type { DecisionAnswer } from './customer.schema';
import { keepResponse, responsesTo } from './decision-response.repository';

/**
 * Notes what an agent did with an offered action. The first answer stands.
 * @throws Fault `conflict` when another answer was given before
 */
export async function respondToAction(
  deps: Deps,
  actor: Pick<PersonActor, 'workspaceId' | 'userId'>,
  { decisionId, customer, response }: { decisionId: string; customer: string; response: DecisionAnswer },
): Promise<void> {
  const { workspaceId, userId } = actor;
  const stands = await keepResponse(deps, workspaceId, {
    decisionId,
    response,
    userId,
    at: new Date(deps.now()),
  });
  if (stands !== response) throw new Fault('conflict', `This was ${stands} before.`);
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: `decision.${response}`,
    subject: customer,
    details: { decisionId },
  });
}

/** What was answered to an action; null while nothing was. */
export async function responseTo(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  decisionId: string,
): Promise<string | null> {
  return (await responsesTo(deps, workspaceId, [decisionId])).get(decisionId) ?? null;
}
