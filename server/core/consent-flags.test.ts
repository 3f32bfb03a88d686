import { describe, expect, it } from 'vitest';
import { readConsentFlags } from './consent-flags';

describe('consent flags', () => {
  it('are read as they were written', () => {
    expect(readConsentFlags('{"denied":["marketing"],"v":3}')).toEqual({ denied: ['marketing'], v: 3 });
  });

  it.each(['', '{"denied":', '7', 'null', '[]', '{"denied":"marketing","v":3}'])(
    'deny everything when they cannot be read: %j',
    (text) => {
      expect(readConsentFlags(text)).toEqual({ denied: ['profiling'], v: 0 });
    },
  );
});
