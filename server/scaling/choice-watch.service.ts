import { eachInTurn } from '@/server/core/each-in-turn';
import type { JsonObject } from '@/server/core/json';
import { listShards } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy';
import {
  endFlag,
  insertFlag,
  listRecords,
  type RecordWithFlags,
  workspacesWithRecords,
  worsenFlag,
} from './choice.repository';
import { measureAssumptions } from './choice-measurements.service';
import { optionOf } from './choice-options.schema';
import type { AssumptionKey, Assumptions } from './choice-terms.schema';
import { type FlagChange, judgeAssumptions } from './judge-assumption';

/**
 * Compares what every standing decision record assumes with what is measured, and flags or clears. A change is in the
 * audit, and so among the changes that Operations shows.
 * @returns how many flags were raised and cleared
 */
export async function watchChoices(deps: Deps): Promise<{ raised: number; cleared: number }> {
  const all = new Set((await listShards(deps)).map(({ workspaceId }) => workspaceId));
  const deciding = await workspacesWithRecords(deps, [...all]);
  const changes = (await eachInTurn(deciding, String, (id) => watchWorkspace(deps, id))).flat();
  const count = (kind: FlagChange['kind']) => changes.filter((change) => change.kind === kind).length;
  return { raised: count('raise'), cleared: count('clear') };
}

/** @returns what this process changed */
async function watchWorkspace(deps: Deps, workspaceId: string): Promise<FlagChange[]> {
  const records = standing(await listRecords(deps, workspaceId));
  if (records.length === 0) return [];
  const changes: FlagChange[] = [];
  const measured = await measureAssumptions(deps, workspaceId);
  for (const record of records) {
    const flags = record.flags.filter((flag) => flag.endedAt === null);
    const held = flags.map(({ assumption, worst }) => ({ assumption: assumption as AssumptionKey, worst }));
    for (const change of judgeAssumptions(record.assumptions as Assumptions, measured, held)) {
      if (await carryOut(deps, record, change)) changes.push(change);
    }
  }
  return changes;
}

/** The newest record of each subject; the list is newest first. */
function standing(records: readonly RecordWithFlags[]): RecordWithFlags[] {
  const seen = new Set<string>();
  return records.filter(({ subject }) => !seen.has(subject) && seen.add(subject));
}

/** @returns false when another process was first */
async function carryOut(deps: Deps, record: RecordWithFlags, change: FlagChange): Promise<boolean> {
  const { workspaceId, id: recordId } = record;
  const { assumption, measured } = change;
  const place = { workspaceId, recordId, assumption };
  const at = new Date(deps.now());
  return withAudit(deps, workspaceId, async (tx, audit) => {
    if (change.kind === 'worsen') {
      await worsenFlag(tx, place, measured);
      return true;
    }
    const changed =
      change.kind === 'raise'
        ? await insertFlag(tx, {
            ...place,
            id: deps.newId('flg'),
            allowed: change.allowed,
            worst: measured,
            startedAt: at,
          })
        : await endFlag(tx, place, at);
    if (!changed) return false;
    const details: JsonObject = {
      name: optionOf(record.option)?.name ?? record.option,
      assumption,
      measured,
    };
    const action = change.kind === 'raise' ? 'choice.flagged' : 'choice.cleared';
    await audit({ actorKind: 'system', actorId: 'choices', action, subject: recordId, details });
    return true;
  });
}
