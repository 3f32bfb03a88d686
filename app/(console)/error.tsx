'use client';
import { ErrorState } from '@/components/ui/states';

export default function ConsoleError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <ErrorState title="This page stopped" onRetry={reset}>
      Nothing you saved is lost. Try again; if it stops again, give an administrator the code{' '}
      <code>{error.digest ?? 'none'}</code>, which stands in the server’s log.
    </ErrorState>
  );
}
