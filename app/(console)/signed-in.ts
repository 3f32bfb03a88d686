import { headers } from 'next/headers';
import { cache } from 'react';
import { consoleParts, personOf } from '@/server/api/context';
import { createCaller } from '@/server/api/root';

/** Who is signed in, asked once a request by the layout and the page within it. */
export const signedInPerson = cache(async () => personOf(await headers()));

/** The procedures as this person may call them, for what a page's first paint is to hold already. */
export const callerOf = (actor: NonNullable<Awaited<ReturnType<typeof signedInPerson>>>) =>
  createCaller({ actor, deps: consoleParts().deps });
