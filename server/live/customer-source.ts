import type { TurnContest } from '@/server/features/label-contest.schema';
import type { CustomerRoomData } from './customer-room.schema';
import type { Viewer } from './queue-room.schema';
import type { Audience, Publish, TopicSource } from './topic-source';

export interface CardReading {
  /** ms: newest event of the customer; null when nothing is known of them */
  at: number | null;
  /** the customer the key belongs to now: a key linked to another is shown as that one */
  customer: string;
  /** keys merged into that one so far */
  merged: number;
  /** The card as this audience may see it. */
  view(audience: Audience): CustomerRoomData['card'];
  /** Reads what agents contest of it. */
  readContests(): Promise<ContestReading>;
}

/** What agents contest of a customer's turns, as an audience may see it. */
export type ContestReading = (audience: Audience) => TurnContest[];

export interface CustomerSourcePorts {
  read(): Promise<CardReading>;
  viewers(): Viewer[];
  onClose(): void;
  onError(error: unknown): void;
}

/**
 * One customer's card, read again whenever a commit touched them. One reading is under way at a time: what comes
 * meanwhile asks for one more, so that the newest state is shown and nothing queues.
 */
export class CustomerSource implements TopicSource {
  #publish: Publish;
  #ports: CustomerSourcePorts;
  #reading: CardReading | undefined;
  #contests: ContestReading | null = null;
  /** numbers of the newest question and of answers: an answer to an older question is not taken */
  #contestsAsked = 0;
  #contestsAnswered = 0;
  #busy = false;
  #again = false;

  constructor(publish: Publish, ports: CustomerSourcePorts) {
    this.#publish = publish;
    this.#ports = ports;
  }

  /** Whose commits concern this card; undefined until it was read. */
  get customer(): string | undefined {
    return this.#reading?.customer;
  }

  /** Reads for the first time. @throws when the store cannot be read */
  async load(): Promise<void> {
    this.#reading = await this.#ports.read();
    await this.#readContests(this.#reading);
  }

  /** What is contested changed, or may have. Commits change none of it, and so do not ask for it. */
  async contestsChanged(): Promise<void> {
    if (!this.#reading) return;
    await this.#readContests(this.#reading);
    this.tell();
  }

  async touched(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      do {
        this.#again = false;
        const before = this.#reading;
        this.#reading = await this.#ports.read();
        if (this.#mayMissContests(before, this.#reading)) void this.contestsChanged();
        this.tell();
      } while (this.#again);
    } catch (error) {
      this.#ports.onError(error);
    } finally {
      this.#busy = false;
    }
  }

  /** Pushes what is held, for example when others began to look. */
  tell(): void {
    const reading = this.#reading;
    if (!reading) return;
    this.#publish('whole', reading.at, (audience: Audience) => this.#data(reading, audience));
  }

  snapshot(audience: Audience): { at: number | null; data: CustomerRoomData | null } {
    const reading = this.#reading;
    return reading ? { at: reading.at, data: this.#data(reading, audience) } : { at: null, data: null };
  }

  close(): void {
    this.#ports.onClose();
  }

  /** A card is shown whether or not its contests can be read. */
  async #readContests(reading: CardReading): Promise<void> {
    this.#contestsAsked += 1;
    const asked = this.#contestsAsked;
    const contests = await reading.readContests().catch((error: unknown) => {
      this.#ports.onError(error);
      return null;
    });
    this.#contestsAnswered += 1;
    if (asked === this.#contestsAsked) this.#contests = contests;
  }

  /** Links bring contests of other keys; and what could not be read is tried again, one attempt at a time. */
  #mayMissContests(before: CardReading | undefined, now: CardReading): boolean {
    if (before?.customer !== now.customer || before.merged !== now.merged) return true;
    return this.#contests === null && this.#contestsAnswered === this.#contestsAsked;
  }

  #data(reading: CardReading, audience: Audience): CustomerRoomData {
    const card = reading.view(audience);
    const isShown = card !== null && !card.optedOut;
    return {
      card,
      contests: isShown ? (this.#contests?.(audience) ?? null) : [],
      viewers: this.#ports.viewers(),
      revealed: audience === 'revealed',
    };
  }
}
