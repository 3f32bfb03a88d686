import type { Metadata } from 'next';
import { Card } from '@/components/sign-in/card';
import { LinkGone } from '@/components/sign-in/link-gone';
import { ResetForm } from '@/components/sign-in/reset-form';
import { isOpenReset } from '@/server/api/links';

export const metadata: Metadata = { title: 'New password', referrer: 'no-referrer' };
export const dynamic = 'force-dynamic';

export default async function ResetPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  if (typeof token !== 'string' || !(await isOpenReset(token))) {
    return <LinkGone next="Ask an administrator of your workspace for a new one." />;
  }
  return (
    <Card title="Choose a new password" about="All your sessions end when it is set.">
      <ResetForm token={token} />
    </Card>
  );
}
