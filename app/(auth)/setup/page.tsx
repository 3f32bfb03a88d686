import type { Metadata } from 'next';
import { Card } from '@/components/sign-in/card';
import { LinkGone } from '@/components/sign-in/link-gone';
import { SetUpForm } from '@/components/sign-in/set-up-form';
import { isOpenSetUp } from '@/server/api/links';

export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' };
export const dynamic = 'force-dynamic';

export default async function SetUpPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  if (typeof token !== 'string' || !(await isOpenSetUp(token))) {
    return <LinkGone next="If nobody has set Millrace up yet, start it again: it prints a new link." />;
  }
  return (
    <Card
      wide
      title="Set up Millrace"
      about="You become its first administrator. Everybody else joins by an invitation from you."
    >
      <SetUpForm token={token} />
    </Card>
  );
}
