import type { WaitKind } from '@/server/streaming/wait-kind.schema';
import { Coalescer } from './coalescer';
import type { Claim, Escalation, QueueRoomData, QueueRow, Viewer } from './queue-room.schema';
import type { Publish, TopicSource } from './topic-source';

/** The first change goes out at once, those that follow within this time together, ms. */
const GATHER_MS = 50;

export interface QueueSourcePorts {
  entries(): Iterable<QueueRow>;
  entry(customer: string): QueueRow | undefined;
  claim(customer: string): Claim | undefined;
  escalation(customer: string): Escalation | undefined;
  viewers(): Record<string, Viewer[]>;
  sla(): Record<WaitKind, number>;
  newestAt(): number | null;
  onClose(): void;
}

/** The agents' queue of a workspace: entries of all partitions with who took them and who looks. */
export class QueueSource implements TopicSource {
  #ports: QueueSourcePorts;
  #publish: Publish;
  #changed = new Set<string>();
  #viewersChanged = false;
  #slaChanged = false;
  #gather = new Coalescer(GATHER_MS, () => this.#flush());

  constructor(publish: Publish, ports: QueueSourcePorts) {
    this.#publish = publish;
    this.#ports = ports;
  }

  entryChanged(customer: string): void {
    this.#changed.add(customer);
    this.#gather.poke();
  }

  viewersChanged(): void {
    this.#viewersChanged = true;
    this.#gather.poke();
  }

  slaChanged(): void {
    this.#slaChanged = true;
    this.#gather.poke();
  }

  snapshot(): { at: number | null; data: QueueRoomData } {
    const entries: Record<string, QueueRow> = {};
    for (const entry of this.#ports.entries()) entries[entry.customer] = this.#row(entry);
    const data = { entries, viewers: this.#ports.viewers(), sla: this.#ports.sla() };
    return { at: this.#ports.newestAt(), data };
  }

  close(): void {
    this.#gather.stop();
    this.#ports.onClose();
  }

  #row(entry: QueueRow): QueueRow {
    const claim = this.#ports.claim(entry.customer);
    if (claim) return { ...entry, claim };
    const escalation = this.#ports.escalation(entry.customer);
    // One of a wait before this one says nothing of it.
    return escalation?.since === entry.since ? { ...entry, escalation } : entry;
  }

  #flush(): void {
    const entries = [...this.#changed].map((customer) => {
      const entry = this.#ports.entry(customer);
      return [customer, entry ? this.#row(entry) : null];
    });
    this.#publish('entries', this.#ports.newestAt(), {
      entries,
      ...(this.#viewersChanged ? { viewers: this.#ports.viewers() } : {}),
      ...(this.#slaChanged ? { sla: this.#ports.sla() } : {}),
    });
    this.#changed.clear();
    this.#viewersChanged = false;
    this.#slaChanged = false;
  }
}
