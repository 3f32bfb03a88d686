import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { ApiProvider } from '@/components/api';
import { ConnectionMark } from '@/components/live/connection-mark';
import { Frame } from '@/components/shell/frame';
import { PersonProvider } from '@/components/shell/person';
import { callerOf, signedInPerson } from './signed-in';

export const dynamic = 'force-dynamic';

/** Everything behind the sign-in. Procedures decide again; this only spares nobody an empty page. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const signedIn = await signedInPerson();
  if (!signedIn) redirect('/sign-in');
  const workspace = await callerOf(signedIn).workspace.get();
  const { userId, name, email, role, workspaceId } = signedIn;
  return (
    <PersonProvider
      person={{
        userId,
        name,
        email,
        role,
        workspaceId,
        workspaceName: workspace.name,
        regions: workspace.regions.map(({ region }) => region),
        currency: workspace.currency,
        timeZone: workspace.timeZone,
      }}
    >
      <ApiProvider>
        <Frame connection={<ConnectionMark />}>{children}</Frame>
      </ApiProvider>
    </PersonProvider>
  );
}
