import type { Deps } from '@/server/platform/deps';
import { namesOfActors } from '../audit.repository';
import { addDpia, editDpia, getDpia, type Person } from '../dpia.service';
import type { ImportPia } from './cnil-pia.schema';
import { cnilPiaOf } from './export-pia';
import { importedPia } from './import-pia';

/**
 * One assessment as a file that the CNIL's PIA software imports.
 * @throws Fault `not_found`
 */
export async function exportPia(
  deps: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
  id: string,
): Promise<{ name: string; text: string }> {
  const dpia = await getDpia(deps, workspaceId, id);
  const signedBy = dpia.signatures.find(({ version }) => version === dpia.version)?.signedById;
  const names = await namesOfActors(deps, workspaceId, [dpia.createdById, ...(signedBy ? [signedBy] : [])]);
  const people = {
    author: names.get(dpia.createdById) ?? '',
    officer: signedBy ? (names.get(signedBy) ?? '') : '',
  };
  const name = dpia.title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return {
    name: `pia-${name || dpia.id}.json`,
    text: JSON.stringify(cnilPiaOf(dpia, people, new Date(deps.now())), null, 2),
  };
}

/**
 * Takes an assessment over from such a file: as a new draft, or as a new version of a record. A signature in it counts for
 * nothing here.
 * @throws Fault `bad_request` that names the field; `conflict` when the record was changed meanwhile
 */
export async function importPia(
  deps: Deps,
  person: Person,
  { file, into }: ImportPia,
): Promise<{ id: string; notTakenOver: string[] }> {
  const { input, notTakenOver } = importedPia(file);
  const told = { importedFrom: 'CNIL PIA', notTakenOver };
  if (into === null) return { ...(await addDpia(deps, person, input, told)), notTakenOver };
  await editDpia(deps, person, { ...input, ...into }, told);
  return { id: into.id, notTakenOver };
}
