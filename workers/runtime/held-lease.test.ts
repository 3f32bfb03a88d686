import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HeldLease } from './held-lease';

const lease = () => new HeldLease('lease-1', async () => true, 100);

/** An end shows a turn of the event loop later. */
async function hasEnded(one: HeldLease): Promise<boolean> {
  let ended = false;
  void one.ended.then(() => {
    ended = true;
  });
  await setImmediate();
  return ended;
}

describe('HeldLease', () => {
  it('takes what is wanted once', () => {
    const one = lease();
    expect([one.want('1.1'), one.want('1.1'), one.want('5.1')]).toEqual([true, true, true]);
    expect(one.reserve()).toEqual(['1.1', '5.1']);
    expect([one.want('1.1'), one.reserve()]).toEqual([false, []]);
  });

  it('ends when it leaves and its last partition is released, and takes nothing meanwhile', async () => {
    const one = lease();
    one.want('1.1');
    one.want('5.1');
    one.reserve();
    one.leave();
    one.release('1.1', 200);
    expect(one.want('9.1')).toBe(false);
    expect(await hasEnded(one)).toBe(false);
    one.release('5.1', 300);
    expect(await hasEnded(one)).toBe(true);
  });

  it('ends at once when it has none', async () => {
    const one = lease();
    one.want('1.1');
    one.leave();
    expect([await hasEnded(one), one.reserve()]).toEqual([true, []]);
  });

  it('says since when it is empty, and does not while something is wanted or worked on', () => {
    const one = lease();
    expect(one.emptySince).toBe(100);
    one.want('1.1');
    expect(one.emptySince).toBeNull();
    one.reserve();
    expect(one.emptySince).toBeNull();
    one.release('1.1', 700);
    expect(one.emptySince).toBe(700);
  });
});
