import type { Deps } from '@/server/platform/deps';
import { withActorNames } from './audit.repository';
import { listDpias } from './dpia.repository';
import { dpiaObstacle } from './dpia-standing';
import { countLooks, listLooks } from './look.repository';
import type { Look } from './look.schema';
import { lookOf } from './look.service';
import { partOf } from './pia/dpia-text';
import { deniedFor, PURPOSE_WORDS, PURPOSES, type Purpose } from './purpose.schema';
import { signalTitle } from './signals/signal-mapping.schema';
import { consentOfKeys, signalsOfKeys, wishesOfKeys } from './subject-record.repository';

const MOST_WISHES = 200;
const MOST_LOOKS = 500;

/** A request of the person, with who took it and how long it took to be in force. */
export interface SubjectWish {
  purpose: string;
  optedIn: boolean;
  customer: string;
  reason: string | null;
  takenBy: string;
  requestedAt: string;
  acknowledgedAt: string | null;
  effectMs: number | null;
  enforcementPoints: number;
}

export interface SubjectConsent {
  /** over all keys: what one denies, all deny */
  denied: string[];
  byKey: { customer: string; denied: string[]; version: number; updatedAt: string }[];
  wishes: SubjectWish[];
  wishesCut: boolean;
  /** what browsers and consent platforms said with events: of each key and kind the newest */
  signals: { customer: string; kind: string; title: string; denied: string[]; at: string }[];
}

/** What the product records of a purpose: whether the person allows it, and the assessments that cover it. */
export interface SubjectPurpose {
  purpose: Purpose;
  title: string;
  plain: string;
  denied: boolean;
  assessments: {
    title: string;
    /** null: it carries processing now; else why not */
    obstacle: string | null;
    validUntil: string | null;
    /** the legal basis written down in it; null when none is */
    legalBasis: string | null;
    retention: string | null;
  }[];
}

export interface SubjectLooks {
  total: number;
  /** newest first */
  rows: Look[];
  cut: boolean;
}

/** Consent and every wish of a person, over all keys. */
export async function consentOfSubject(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<SubjectConsent> {
  const [byKey, signals, found] = await Promise.all([
    consentOfKeys(deps, workspaceId, keys),
    signalsOfKeys(deps, workspaceId, keys),
    wishesOfKeys(deps, workspaceId, keys, MOST_WISHES + 1),
  ]);
  const wishes = await withActorNames(deps, workspaceId, found.slice(0, MOST_WISHES));
  return {
    denied: [...new Set(byKey.flatMap(({ denied }) => denied))].sort(),
    byKey: byKey.map(({ updatedAt, ...row }) => ({ ...row, updatedAt: updatedAt.toISOString() })),
    wishes: wishes.map((wish) => ({
      purpose: wish.purpose,
      optedIn: wish.optedIn,
      customer: wish.customer,
      reason: wish.reason,
      takenBy: wish.actorName ?? `${wish.actorKind} ${wish.actorId}`,
      requestedAt: wish.requestedAt.toISOString(),
      acknowledgedAt: wish.acknowledgedAt?.toISOString() ?? null,
      effectMs: wish.acknowledgedAt && wish.acknowledgedAt.getTime() - wish.requestedAt.getTime(),
      enforcementPoints: wish.enforcementPoints,
    })),
    wishesCut: found.length > MOST_WISHES,
    signals: signals.map(({ at, ...signal }) => ({
      ...signal,
      title: signalTitle(signal.kind),
      at: at.toISOString(),
    })),
  };
}

/** Each purpose with what the workspace has on record for it. */
export async function purposesOfSubject(
  deps: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
  denied: readonly string[],
): Promise<SubjectPurpose[]> {
  const dpias = await listDpias(deps, workspaceId);
  return PURPOSES.map((purpose) => ({
    purpose,
    title: PURPOSE_WORDS[purpose].title,
    plain: PURPOSE_WORDS[purpose].plain,
    denied: deniedFor(denied, purpose),
    assessments: dpias
      .filter(({ content }) => content.purposes?.includes(purpose))
      .map((dpia) => ({
        title: dpia.title,
        obstacle: dpiaObstacle(dpia, deps.now()),
        validUntil: dpia.validUntil?.toISOString() ?? null,
        legalBasis: partOf('necessity', dpia.content.necessity, 212),
        retention: dpia.content.retention || null,
      })),
  }));
}

/** Who looked at a person, at most the newest 500. */
export async function looksAtSubject(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<SubjectLooks> {
  const [total, rows] = await Promise.all([
    countLooks(deps, workspaceId, keys),
    listLooks(deps, workspaceId, { customers: keys }, MOST_LOOKS),
  ]);
  return { total, rows: rows.map(lookOf), cut: total > rows.length };
}
