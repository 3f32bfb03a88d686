import { describe, expect, it } from 'vitest';
import { eachInTurn } from './each-in-turn';

const nameOf = (item: number) => `ws_${item}`;

describe('work for each, one after another', () => {
  it('gives what each came to, in their order', async () => {
    let underWay = 0;
    const work = async (item: number) => {
      underWay += 1;
      expect(underWay).toBe(1);
      await Promise.resolve();
      underWay -= 1;
      return item * 2;
    };
    expect(await eachInTurn([1, 2, 3], nameOf, work)).toEqual([2, 4, 6]);
    expect(await eachInTurn([], nameOf, work)).toEqual([]);
  });

  it('goes on after those that fail, and then fails with all of their errors', async () => {
    const done: number[] = [];
    const broken = [new Error('torn'), new Error('away')];
    const work = async (item: number) => {
      if (item % 2 === 1) throw broken[(item - 1) / 2];
      done.push(item);
    };
    const failure = await eachInTurn([1, 2, 3, 4], nameOf, work).catch((error: unknown) => error);
    expect(done).toEqual([2, 4]);
    expect(failure).toBeInstanceOf(AggregateError);
    expect(failure).toMatchObject({ errors: broken, message: '2 of 4 failed: ws_1 (torn), ws_3 (away)' });
  });

  it('fails by what is thrown at once too, and names the first few of many', async () => {
    const work = () => {
      throw new Error('no');
    };
    const failing = eachInTurn([1, 2, 3, 4, 5, 6, 7], nameOf, work);
    await expect(failing).rejects.toThrow('7 of 7 failed: ws_1 (no), ws_2 (no), ws_3 (no), and 4 more');
  });
});
