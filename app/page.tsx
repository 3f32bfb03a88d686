import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { FIRST_SCREEN } from '@/components/shell/sections';
import { personOf } from '@/server/api/context';

export const dynamic = 'force-dynamic';

/** Sends each role to its own screen. */
export default async function Home() {
  const signedIn = await personOf(await headers());
  redirect(signedIn ? FIRST_SCREEN[signedIn.role] : '/sign-in');
}
