import type { OutputRecord } from '@/server/streaming/partition-step';
import { FactSums } from './fact-difference';

/** What a replay publishes, gathered as it goes: of facts only their sums, which is all that is asked of them. */
export class ReplayOutputs {
  readonly facts = new FactSums();
  readonly others: OutputRecord[] = [];

  add(outputs: readonly OutputRecord[]): void {
    for (const output of outputs) {
      if (output.o === 'fact') this.facts.add(output, output.sign);
      else this.others.push(output);
    }
  }
}
