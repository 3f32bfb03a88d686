import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { Card } from '@/components/sign-in/card';
import { SignInForm } from '@/components/sign-in/sign-in-form';
import { personOf } from '@/server/api/context';

export const metadata: Metadata = { title: 'Sign in' };
export const dynamic = 'force-dynamic';

type Query = {
  next?: string | string[];
  error?: string | string[];
  step?: string | string[];
  done?: string | string[];
};

const REFUSALS: Record<string, string> = {
  wrong: 'The address or the password is wrong.',
  waiting: 'Too many wrong passwords for this address. Please wait five minutes.',
  refused: 'The form came from another site and was refused.',
  unavailable: 'Nobody can sign in at the moment. Please try again shortly.',
};

export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { next, error, step, done } = await searchParams;
  if (await personOf(await headers())) redirect('/');
  return (
    <Card
      title="Sign in"
      about={
        done === 'password'
          ? 'Your new password is set. Sign in with it.'
          : 'To the console of your workspace.'
      }
      foot="Forgotten your password? An administrator of your workspace can make you a link for a new one, in Settings → People."
    >
      <SignInForm
        next={typeof next === 'string' ? next : null}
        refusal={typeof error === 'string' ? (REFUSALS[error] ?? null) : null}
        atCode={step === 'code'}
      />
    </Card>
  );
}
