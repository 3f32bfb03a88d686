import { expect, it } from 'vitest';
import { sharedBufferMegabytes } from './postgres-server';

const GIB = 1_073_741_824;

it.each([
  [0.5, 128],
  [2, 256],
  [8, 1_024],
  [512, 2_048],
])('of %d GiB of memory Postgres takes %d MiB for its pages at most', (gib, megabytes) => {
  expect(sharedBufferMegabytes(gib * GIB)).toBe(megabytes);
});
