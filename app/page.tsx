import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { consoleParts, personOf } from '@/server/api/context';
import { createCaller } from '@/server/api/root';

export const dynamic = 'force-dynamic';

/** Sends each role to its own screen. */
export default async function Home() {
  const signedIn = await personOf(await headers());
  if (!signedIn) redirect('/sign-in');
  const me = await createCaller({ actor: signedIn, deps: consoleParts().deps }).me.get();
  redirect(me.landing);
}
