import type { Metadata } from 'next';
import Link from 'next/link';
import { Card } from '@/components/sign-in/card';

export const metadata: Metadata = { title: 'No such page' };

/** For addresses that belong to no part of the console. */
export default function NotFound() {
  return (
    <Card
      title="There is no such page"
      about="The address may be old, or what it named may have been removed."
    >
      <Link href="/">Go to your first screen</Link>
    </Card>
  );
}
