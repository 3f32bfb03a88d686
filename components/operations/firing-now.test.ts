import { expect, it } from 'vitest';
import { firingNow } from './firing-now';

it('is neither zero nor quiet while alerts were not read, and unknown once they cannot be', () => {
  const unread = { data: undefined, dataUpdatedAt: 0 };
  expect(firingNow({ ...unread, isError: false }).count).toBeUndefined();
  expect(firingNow({ ...unread, isError: true })).toMatchObject({ count: null, failed: true });
});

it('keeps what was read, with its age, when it cannot be read again', () => {
  expect(firingNow({ data: [], dataUpdatedAt: 5, isError: true })).toMatchObject({
    count: 0,
    at: 5,
    failed: true,
  });
});
