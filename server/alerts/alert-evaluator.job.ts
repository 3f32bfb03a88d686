import { SECOND_MS } from '@/server/core/durations';
import { listShards, type ShardDescription } from '@/server/identity';
import {
  type LagOfShard,
  MetricWatch,
  shareReadings,
  type WorkspaceSample,
  watchedWorkspaces,
} from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { dropLease, holdLease, publishAlert, thresholdChanges } from './alert-feed.connector';
import { type AlertState, evaluateThreshold, QUIET } from './evaluate-threshold';
import { endFiring, insertFiring, openFirings } from './firing.repository';
import { enabledThresholds, type LiveThreshold, workspacesWithThresholds } from './threshold.repository';

const SHARDS_EVERY_MS = 5 * SECOND_MS;
/** Thresholds are read anew when their version moves, and anyway this often. */
const THRESHOLDS_EVERY_MS = 30 * SECOND_MS;
export const SAMPLE_EVERY_MS = 10 * SECOND_MS;
/** Where nothing is judged and nobody looks, metrics are read for the samples only; not of all in the same second. */
const UNWATCHED_EVERY_MS = SAMPLE_EVERY_MS;
/** Workspaces judged side by side: each waits for the stores several times. */
const AT_ONCE = 16;

export interface AlertEvaluatorPorts {
  lagOf: LagOfShard;
  /** keeps samples of any number of workspaces */
  keepSamples(samples: readonly WorkspaceSample[]): Promise<unknown>;
  onError(error: unknown, workspaceId: string | null): void;
}

interface Judged {
  state: AlertState;
  firingId: string | null;
}

/** One workspace: its metrics, its thresholds, and where each of them stands. */
interface Watched {
  watch: MetricWatch;
  thresholds: LiveThreshold[];
  version: string | null;
  readAt: number;
  judged: Map<string, Judged>;
  lookedAt: number;
  sampledAt: number;
}

/** A workspace that is read in this tick. */
interface Due {
  workspaceId: string;
  shards: ShardDescription[];
  watched: Watched;
  /** of its thresholds */
  version: string;
  /** its thresholds are to be read, and there are none */
  isBare: boolean;
}

/**
 * Reads every workspace's metrics, judges its thresholds, keeps a sample every ten seconds, and shares the readings
 * with the screens: every second where there are thresholds or somebody looks, else every ten. `tick` is to be called every second; calls do not overlap.
 */
export class AlertEvaluator {
  #deps: Deps;
  #ports: AlertEvaluatorPorts;
  #holder: string;
  #shards: ShardDescription[] = [];
  #shardsAt = Number.NEGATIVE_INFINITY;
  #watched = new Map<string, Watched>();
  #running: Promise<void> | null = null;
  #roundEndedAt: number;

  constructor(deps: Deps, ports: AlertEvaluatorPorts) {
    this.#deps = deps;
    this.#ports = ports;
    this.#holder = deps.newId('eval');
    this.#roundEndedAt = deps.now();
  }

  /** When a round ended last that did not fail as a whole, ms: one while another process judges counts. */
  get roundEndedAt(): number {
    return this.#roundEndedAt;
  }

  /** Judges once. A call while one is under way joins it. */
  tick(): Promise<void> {
    this.#running ??= this.#tick()
      .then(() => {
        this.#roundEndedAt = this.#deps.now();
      })
      .catch((error: unknown) => this.#ports.onError(error, null))
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  /** Lets another process take over at once. */
  async close(): Promise<void> {
    await this.#running;
    await dropLease(this.#deps, this.#holder).catch(() => undefined);
  }

  async #tick(): Promise<void> {
    if (!(await holdLease(this.#deps, this.#holder))) {
      this.#watched.clear();
      return;
    }
    const now = this.#deps.now();
    if (now - this.#shardsAt >= SHARDS_EVERY_MS) {
      this.#shards = await listShards(this.#deps);
      this.#shardsAt = now;
    }
    const byWorkspace = Map.groupBy(this.#shards, (shard) => shard.workspaceId);
    const ids = [...byWorkspace.keys()];
    const [versions, looking] = await Promise.all([
      thresholdChanges.read(this.#deps.queueRedis, ids),
      watchedWorkspaces(this.#deps, ids),
    ]);
    const due = [...byWorkspace].flatMap(([workspaceId, shards], index): Due[] => {
      const watched = this.#watchedOf(workspaceId);
      const version = versions.get(workspaceId) ?? '0';
      if (!looking.has(workspaceId) && !isDue(watched, version, index, now)) return [];
      return [{ workspaceId, shards, watched, version, isBare: false }];
    });
    await this.#noteBare(due, now);
    const samples: WorkspaceSample[] = [];
    for (let from = 0; from < due.length; from += AT_ONCE)
      await Promise.all(due.slice(from, from + AT_ONCE).map((one) => this.#judgeOne(one, samples)));
    await this.#ports.keepSamples(samples);
  }

  /** What cannot be judged stops no other. */
  async #judgeOne(due: Due, samples: WorkspaceSample[]): Promise<void> {
    try {
      await this.#judge(due, samples);
    } catch (error) {
      this.#ports.onError(error, due.workspaceId);
    }
  }

  /** Asks for all at once where thresholds are to be read anew but there are none. Where that is not known, each is read. */
  async #noteBare(due: readonly Due[], now: number): Promise<void> {
    const asked = due.filter(({ watched, version }) => isStale(watched, version, now));
    if (asked.length === 0) return;
    const ids = asked.map(({ workspaceId }) => workspaceId);
    const found = await workspacesWithThresholds(this.#deps, ids).catch(() => new Set(ids));
    for (const one of asked) one.isBare = !found.has(one.workspaceId);
  }

  async #judge(due: Due, samples: WorkspaceSample[]): Promise<void> {
    const { workspaceId, watched, shards } = due;
    const { at, readings } = await watched.watch.read(this.#deps, shards, this.#ports.lagOf);
    watched.lookedAt = at;
    await shareReadings(this.#deps, workspaceId, at, readings);
    await this.#refresh(due, at);
    const values = new Map(readings.map((each) => [`${each.metric} ${each.dimension}`, each.value]));
    for (const threshold of watched.thresholds) {
      const value = values.get(`${threshold.metric} ${threshold.dimension}`) ?? null;
      await this.#step(workspaceId, watched, threshold, value, at);
    }
    const step = Math.floor(at / SAMPLE_EVERY_MS) * SAMPLE_EVERY_MS;
    if (step <= watched.sampledAt) return;
    watched.sampledAt = step;
    samples.push({ workspaceId, at: step, readings });
  }

  #watchedOf(workspaceId: string): Watched {
    let watched = this.#watched.get(workspaceId);
    if (!watched) {
      const never = Number.NEGATIVE_INFINITY;
      watched = {
        watch: new MetricWatch(),
        thresholds: [],
        version: null,
        readAt: never,
        judged: new Map(),
        lookedAt: never,
        sampledAt: never,
      };
      this.#watched.set(workspaceId, watched);
    }
    return watched;
  }

  /** Reads the thresholds when they changed. What fires of a threshold that is gone, off or different ends. */
  async #refresh({ workspaceId, watched, version, isBare }: Due, now: number): Promise<void> {
    if (!isStale(watched, version, now)) return;
    const thresholds = isBare ? [] : await enabledThresholds(this.#deps, workspaceId);
    const known = new Map(watched.thresholds.map((threshold) => [threshold.id, threshold.version]));
    if (watched.version === null && !isBare) await this.#recall(workspaceId, watched);
    for (const threshold of thresholds) {
      if (known.has(threshold.id) && known.get(threshold.id) !== threshold.version) {
        await this.#end(workspaceId, watched, threshold, null, now);
      }
    }
    const enabled = new Set(thresholds.map(({ id }) => id));
    for (const [id, { firingId }] of watched.judged) {
      if (enabled.has(id)) continue;
      if (firingId !== null) await endFiring(this.#deps, workspaceId, firingId, now);
      watched.judged.delete(id);
    }
    Object.assign(watched, { thresholds, version, readAt: now });
  }

  /** After a start: what was firing still is, until it is judged otherwise. */
  async #recall(workspaceId: string, watched: Watched): Promise<void> {
    for (const { id, thresholdId, startedAt } of await openFirings(this.#deps, workspaceId)) {
      watched.judged.set(thresholdId, { state: { phase: 'firing', since: startedAt }, firingId: id });
    }
  }

  async #step(
    workspaceId: string,
    watched: Watched,
    threshold: LiveThreshold,
    value: number | null,
    now: number,
  ) {
    const judged = watched.judged.get(threshold.id) ?? { state: QUIET, firingId: null };
    const { state, change } = evaluateThreshold(threshold, judged.state, value, now);
    if (change === 'started' && value !== null)
      await this.#start(workspaceId, watched, threshold, value, now, state);
    else if (change === 'ended') await this.#end(workspaceId, watched, threshold, value, now);
    else watched.judged.set(threshold.id, { ...judged, state });
  }

  async #start(
    workspaceId: string,
    watched: Watched,
    threshold: LiveThreshold,
    value: number,
    now: number,
    state: AlertState,
  ): Promise<void> {
    const id = this.#deps.newId('fir');
    const firing = {
      id,
      thresholdId: threshold.id,
      thresholdVersion: threshold.version,
      value,
      startedAt: now,
    };
    if (!(await insertFiring(this.#deps, workspaceId, firing))) return;
    watched.judged.set(threshold.id, { state, firingId: id });
    await this.#tell('fired', workspaceId, threshold, id, value, now);
  }

  async #end(
    workspaceId: string,
    watched: Watched,
    threshold: LiveThreshold,
    value: number | null,
    now: number,
  ): Promise<void> {
    const firingId = watched.judged.get(threshold.id)?.firingId ?? null;
    watched.judged.set(threshold.id, { state: QUIET, firingId: null });
    if (firingId === null) return;
    await endFiring(this.#deps, workspaceId, firingId, now);
    await this.#tell('ended', workspaceId, threshold, firingId, value, now);
  }

  async #tell(
    kind: 'fired' | 'ended',
    workspaceId: string,
    { name, severity, metric }: LiveThreshold,
    id: string,
    value: number | null,
    at: number,
  ): Promise<void> {
    await publishAlert(this.#deps, workspaceId, { kind, at, id, name, severity, metric, value });
  }
}

/** Whether the thresholds in memory are to be read anew. */
function isStale(watched: Watched, version: string, now: number): boolean {
  return version !== watched.version || now - watched.readAt >= THRESHOLDS_EVERY_MS;
}

/**
 * Whether a workspace in which nobody looks is read now.
 * @param index of the workspace: which second of ten is its own
 */
function isDue(
  { thresholds, version, lookedAt }: Watched,
  current: string,
  index: number,
  now: number,
): boolean {
  if (thresholds.length > 0 || version !== current) return true;
  const phase = (index * SECOND_MS) % UNWATCHED_EVERY_MS;
  const turnOf = (at: number) => Math.floor((at - phase) / UNWATCHED_EVERY_MS);
  return turnOf(now) !== turnOf(lookedAt);
}
