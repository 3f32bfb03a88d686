import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { ApiProvider } from '@/components/api';
import { Frame } from '@/components/shell/frame';
import { PersonProvider } from '@/components/shell/person';
import { personOf } from '@/server/api/context';

export const dynamic = 'force-dynamic';

/** Everything behind the sign-in. Procedures decide again; this only spares nobody an empty page. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const signedIn = await personOf(await headers());
  if (!signedIn) redirect('/sign-in');
  const { userId, name, email, role, workspaceId } = signedIn;
  return (
    <PersonProvider
      person={{
        userId,
        name,
        email,
        role,
        workspaceId,
        workspaceName: 'Workspace',
        regions: [],
        currency: 'USD',
        timeZone: 'UTC',
      }}
    >
      <ApiProvider>
        <Frame>{children}</Frame>
      </ApiProvider>
    </PersonProvider>
  );
}
