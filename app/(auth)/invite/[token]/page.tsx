import type { Metadata } from 'next';
import { ROLE_WORDS } from '@/components/shell/role-words';
import { Card } from '@/components/sign-in/card';
import { InvitationForm } from '@/components/sign-in/invitation-form';
import { LinkGone } from '@/components/sign-in/link-gone';
import { invitationAt } from '@/server/api/links';

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' };
export const dynamic = 'force-dynamic';

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const invitation = await invitationAt(token);
  if (invitation === null)
    return <LinkGone next="Ask the administrator who invited you for a new invitation." />;
  const { email, role, workspaceName, known } = invitation;
  const named = ROLE_WORDS[role];
  return (
    <Card
      title={`Join ${workspaceName}`}
      about={
        known
          ? `You join with the account you have, in the role ${named}.`
          : `You are invited in the role ${named}. Choose a name and a password.`
      }
    >
      <InvitationForm token={token} email={email} known={known} />
    </Card>
  );
}
