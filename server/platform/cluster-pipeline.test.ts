import { describe, expect, it } from 'vitest';
import { slotOf } from './cluster-pipeline';

describe('the slot of a key', () => {
  // The check value of the specification of Redis Cluster, appendix A: CRC16 of "123456789" is 0x31C3.
  it('is the CRC16 of the key', () => {
    expect(slotOf('123456789')).toBe(0x31c3 % 16_384);
  });

  it('is that of the hash tag, when there is one that is not empty', () => {
    expect(slotOf('{12.3}:log')).toBe(slotOf('12.3'));
    expect(slotOf('a{12.3}b{4}')).toBe(slotOf('12.3'));
    expect(slotOf('{}:log')).not.toBe(slotOf(''));
    expect(slotOf('{open')).not.toBe(slotOf('open'));
  });
});
