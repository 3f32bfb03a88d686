import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** Keeps the first answer to an offered action. @returns what stands now */
export async function keepResponse(
  deps: Pick<Deps, 'db' | 'newId'>,
  workspaceId: string,
  row: { decisionId: string; response: string; userId: string; at: Date },
): Promise<string> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const { response } = await tx.decisionResponse.upsert({
      where: { workspaceId_decisionId: { workspaceId, decisionId: row.decisionId } },
      create: { id: deps.newId('response'), workspaceId, ...row },
      update: {},
    });
    return response;
  });
}

/** What was answered to these actions. */
export async function responsesTo(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  decisionIds: readonly string[],
): Promise<Map<string, string>> {
  if (decisionIds.length === 0) return new Map();
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.decisionResponse.findMany({ where: { workspaceId, decisionId: { in: [...decisionIds] } } }),
  );
  return new Map(rows.map(({ decisionId, response }) => [decisionId, response]));
}
