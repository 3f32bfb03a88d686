/** Why a signal cannot be read as its specification says. The text itself is no part of it: it may tell who somebody is. */
export class UndecodableSignal extends Error {}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS_PER_DIGIT = 6;
/** Digit of each character code; −1: none. */
const DIGIT_OF = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

/** Fields of whole bits in a web-safe base64 text of six bits a character, as IAB's strings are written. */
export class BitText {
  readonly #text: string;
  #at: number;

  /** @param from the first bit to be read */
  constructor(text: string, from = 0) {
    this.#text = text;
    this.#at = from;
  }

  /** The next so many bits, at most 30, as a number. @throws UndecodableSignal past the end, or at no such digit */
  int(bits: number): number {
    let value = 0;
    for (let read = 0; read < bits; read += 1) value = value * 2 + this.#bit();
    return value;
  }

  /** The next number in Fibonacci coding: it ends at the first two bits set in a row. */
  fibonacci(): number {
    let [sum, last] = [0, 0];
    for (let [weight, next] = [1, 2]; weight < 1e6; [weight, next] = [next, weight + next]) {
      const bit = this.#bit();
      if (bit === 1 && last === 1) return sum;
      sum += bit * weight;
      last = bit;
    }
    throw new UndecodableSignal('A number is too large.');
  }

  #bit(): number {
    const at = this.#at;
    this.#at += 1;
    const code = this.#text.charCodeAt(Math.floor(at / BITS_PER_DIGIT));
    const digit = code < DIGIT_OF.length ? (DIGIT_OF[code] as number) : -1;
    if (digit < 0) throw new UndecodableSignal('It ends too soon or is no base64.');
    return (digit >> (BITS_PER_DIGIT - 1 - (at % BITS_PER_DIGIT))) & 1;
  }
}
