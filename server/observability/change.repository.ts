import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

type Db = Pick<Deps, 'db'>;

/** A change to how the product works, for the marks on charts. No personal data: definitions only. */
export interface ChangeMark {
  id: string;
  /** ms */
  at: number;
  /** `noun.pastTense` of the audit */
  action: string;
  subject: string | null;
  /** the name of what was changed, where the audit has one */
  name: string | null;
  by: string;
}

/** Audit actions that change how numbers come about. */
const CHANGES = ['threshold.', 'rule.', 'source.', 'workspace.', 'useCase.launched', 'sla.', 'choice.'];
const MOST_CHANGES = 100;

/** What was changed in a span (ms), newest first. */
export async function listChanges(
  { db }: Db,
  workspaceId: string,
  { from, to }: { from: number; to: number },
): Promise<ChangeMark[]> {
  return withWorkspace(db, workspaceId, async (tx) => {
    const entries = await tx.auditEntry.findMany({
      where: {
        workspaceId,
        at: { gte: new Date(from), lt: new Date(to) },
        OR: CHANGES.map((prefix) => ({ action: { startsWith: prefix } })),
      },
      orderBy: { seq: 'desc' },
      take: MOST_CHANGES,
    });
    const ids = [
      ...new Set(entries.filter((entry) => entry.actorKind === 'person').map((entry) => entry.actorId)),
    ];
    const people = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return entries.map((entry) => ({
      id: String(entry.id),
      at: entry.at.getTime(),
      action: entry.action,
      subject: entry.subject,
      name: nameIn(entry.details),
      by:
        names.get(entry.actorId) ?? (entry.actorKind === 'person' ? 'someone who has left' : entry.actorKind),
    }));
  });
}

/** The name in an entry's details: of what was made, or of what it became. */
function nameIn(details: unknown): string | null {
  if (typeof details !== 'object' || details === null) return null;
  const { name, title, to } = details as { name?: unknown; title?: unknown; to?: unknown };
  for (const found of [name, title]) if (typeof found === 'string') return found;
  return to === undefined ? null : nameIn(to);
}

export interface SourceName {
  id: string;
  name: string;
  platform: string | null;
  revoked: boolean;
}

const MOST_SOURCES = 200;

/** Names of the sources that rates are told of. */
export async function listSourceNames({ db }: Db, workspaceId: string): Promise<SourceName[]> {
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.source.findMany({ where: { workspaceId }, orderBy: { createdAt: 'asc' }, take: MOST_SOURCES }),
  );
  return rows.map(({ id, name, platform, revokedAt }) => ({
    id,
    name,
    platform,
    revoked: revokedAt !== null,
  }));
}
