import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@/server/platform/until';
import { type Runs, Supervised } from './supervised';

const GIVE_UP_AFTER = 5;

/** Something that can be started and ended at will. */
class Program {
  starts = 0;
  canStart = true;
  #end: () => void = () => undefined;

  readonly start = async (): Promise<Runs> => {
    this.starts += 1;
    if (!this.canStart) throw new Error('no port is free');
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    this.#end = resolve;
    return { pid: this.starts, exited, stop: async () => resolve() };
  };

  end(): void {
    this.#end();
  }
}

describe('what is supervised', () => {
  let program: Program;
  let givenUp: string[];
  let supervised: Supervised<Runs>;

  async function supervise(soon: number): Promise<void> {
    program = new Program();
    givenUp = [];
    supervised = new Supervised({
      name: 'jobs',
      start: program.start,
      onStarted: () => undefined,
      say: () => undefined,
      onGiveUp: (why) => givenUp.push(why),
      giveUpAfter: GIVE_UP_AFTER,
      pace: { soon, firstBackoff: 1, maxBackoff: 2 },
    });
    await supervised.start();
  }

  async function endAndReturn(): Promise<void> {
    const before = program.starts;
    program.end();
    await until(() => program.starts > before);
  }

  beforeEach(() => supervise(60_000));
  afterEach(() => supervised.stop());

  it('is started again when it is killed ten times in a row soon after it came up', async () => {
    for (let kills = 0; kills < 10; kills += 1) await endAndReturn();
    expect(givenUp).toEqual([]);
  });

  it('is given up when it comes up but will not stay', async () => {
    for (let ends = 1; ends < 4 * GIVE_UP_AFTER; ends += 1) await endAndReturn();
    program.end();
    await until(() => givenUp.length > 0);
    expect(givenUp).toEqual(['jobs ended 20 times in a row soon after its start']);
  });

  it('is given up, with the reason, when five starts in a row fail', async () => {
    program.canStart = false;
    program.end();
    await until(() => givenUp.length > 0);
    expect(program.starts).toBe(1 + GIVE_UP_AFTER);
    expect(givenUp).toEqual(['jobs could not be started 5 times in a row: no port is free']);
  });

  it('may end as often as it likes when it lasts in between', async () => {
    await supervise(0);
    for (let ends = 0; ends < 30; ends += 1) await endAndReturn();
    expect(givenUp).toEqual([]);
  });
});
