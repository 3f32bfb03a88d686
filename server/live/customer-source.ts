import type { CustomerRoomData } from './customer-room.schema';
import type { Viewer } from './queue-room.schema';
import type { Audience, Publish, TopicSource } from './topic-source';

export interface CardReading {
  /** ms: newest event of the customer; null when nothing is known of them */
  at: number | null;
  /** the customer the key belongs to now: a key linked to another is shown as that one */
  customer: string;
  /** The card as this audience may see it. */
  view(audience: Audience): CustomerRoomData['card'];
}

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
  #busy = false;
  #again = false;

  constructor(publish: Publish, ports: CustomerSourcePorts) {
    this.#publish = publish;
    this.#ports = ports;
  }

  /** Keys whose commits concern this card. */
  get customer(): string | undefined {
    return this.#reading?.customer;
  }

  /** Reads for the first time. @throws when the store cannot be read */
  async load(): Promise<void> {
    this.#reading = await this.#ports.read();
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
        this.#reading = await this.#ports.read();
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

  #data(reading: CardReading, audience: Audience): CustomerRoomData {
    return {
      card: reading.view(audience),
      viewers: this.#ports.viewers(),
      revealed: audience === 'revealed',
    };
  }
}
