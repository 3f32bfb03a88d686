import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { wordsOf } from './toast';

describe('words of a failed call', () => {
  it('are the server’s where it answered', () => {
    const shape = { message: 'Taken already.', code: -32_009, data: { code: 'CONFLICT', httpStatus: 409 } };
    expect(wordsOf(TRPCClientError.from({ error: shape }))).toBe('Taken already.');
  });

  it('are plain where no answer came, or none that can be read', () => {
    for (const message of ['Failed to fetch', 'Unexpected end of JSON input'])
      expect(wordsOf(TRPCClientError.from(new TypeError(message)))).toMatch(/not known/);
  });

  it('are those of an error of our own', () => {
    expect(wordsOf(new Error('The file is empty.'))).toBe('The file is empty.');
    expect(wordsOf(undefined)).toBe('It did not work. Nothing was changed.');
  });
});
