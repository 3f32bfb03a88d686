import { readFileSync } from 'node:fs';
import { accountsBelow, allAccounts, cpuMicros } from '../process-accounts';

const LOOK_EVERY_MS = 100;
const PROGRAM = 'scripts/recover-state.ts';

/** Follows the recovery that a start of the product runs below this process, for what processor time it takes. */
export class RecoveryWatch {
  #micros = 0;
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY_MS);

  /** @returns µs of the recovery and of all below it, as last seen before it ended */
  stop(): number {
    clearInterval(this.#timer);
    return this.#micros;
  }

  #look(): void {
    const all = allAccounts();
    const found = accountsBelow(process.pid, all).find(({ pid }) => commandOf(pid).includes(PROGRAM));
    if (found) this.#micros = Math.max(this.#micros, cpuMicros(found.pid, all));
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
