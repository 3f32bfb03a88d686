/** States of 64 KB and more are read anew each time. */
const LONGEST_TEXT = 64 * 1024;
const LENGTH_BYTES = 4;
/** Of one character of a string in UTF-8. */
const MOST_BYTES_A_UNIT = 3;

/**
 * Texts of states in one ring of bytes outside the collector's reach, shared by the partitions of a process: the latest that
 * fit. What lives from batch to batch as strings or objects costs more to collect than reading it from the store.
 */
export class TextRing {
  readonly #bytes: Buffer;
  /** Bytes ever written, gaps at the end of a lap included: where the next text goes. */
  #head = 0;

  /** @param size of the ring in bytes; what is never written takes no memory */
  constructor(readonly size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  /** How often the ring was filled. */
  get lap(): number {
    return Math.floor(this.#head / this.size);
  }

  /** @returns where the text stands, or -1 when it is too long to be kept */
  put(text: string): number {
    const most = LENGTH_BYTES + text.length * MOST_BYTES_A_UNIT;
    if (text.length >= LONGEST_TEXT || most > this.size) return -1;
    const left = this.size - (this.#head % this.size);
    if (most > left) this.#head += left;
    const at = this.#head % this.size;
    const length = this.#bytes.write(text, at + LENGTH_BYTES, 'utf8');
    this.#bytes.writeUInt32LE(length, at);
    const position = this.#head;
    this.#head += LENGTH_BYTES + length;
    return position;
  }

  /** Whether what was put there has not been written over. */
  has(position: number): boolean {
    return position >= this.#head - this.size;
  }

  /** @returns the text put there, or undefined when it has been written over */
  get(position: number): string | undefined {
    if (!this.has(position)) return undefined;
    const at = position % this.size;
    const from = at + LENGTH_BYTES;
    return this.#bytes.toString('utf8', from, from + this.#bytes.readUInt32LE(at));
  }
}

/**
 * States of one partition as its last commits wrote them. They are the store's as long as commits land: the commit is refused
 * when anybody else wrote (epoch, push sequence), and this is thrown away with the rest of the partition's memory.
 */
export class StateTexts {
  readonly #positions = new Map<string, number>();
  #sweptAt: number;

  constructor(private readonly ring: TextRing) {
    this.#sweptAt = ring.lap;
  }

  /** Customers of whom something may be at hand. */
  get size(): number {
    return this.#positions.size;
  }

  /** @param text null: the customer's state is gone */
  put(customer: string, text: string | null): void {
    const position = text === null ? -1 : this.ring.put(text);
    if (position < 0) this.#positions.delete(customer);
    else this.#positions.set(customer, position);
    if (this.ring.lap !== this.#sweptAt) this.#sweep();
  }

  /** @returns undefined when the store has to be asked */
  get(customer: string): string | undefined {
    const position = this.#positions.get(customer);
    return position === undefined ? undefined : this.ring.get(position);
  }

  /** Once a lap, customers whose texts were written over are forgotten. */
  #sweep(): void {
    this.#sweptAt = this.ring.lap;
    for (const [customer, position] of this.#positions) {
      if (!this.ring.has(position)) this.#positions.delete(customer);
    }
  }
}
