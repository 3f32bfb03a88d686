import Link from 'next/link';
import { EmptyState } from '@/components/ui/states';

export default function NotFound() {
  return (
    <EmptyState
      icon="search"
      title="There is no such page"
      action={<Link href="/">Go to your first screen</Link>}
    >
      The address may be old, or what it named may have been removed.
    </EmptyState>
  );
}
