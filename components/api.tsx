'use client';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import type { AppRouter } from '@/server/api/root';
import { toast, wordsOf } from './ui/toast';

/** The server refuses longer batches. */
const MAX_BATCH = 10;

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

function codeOf(error: unknown): string | undefined {
  return error instanceof TRPCClientError ? error.data?.code : undefined;
}

/** A sign-in that ended sends the person to sign in again, and back to where they were. */
function leaveWhenSignedOut(error: unknown) {
  if (codeOf(error) !== 'UNAUTHORIZED') return;
  const back = encodeURIComponent(window.location.pathname + window.location.search);
  window.location.assign(`/sign-in?next=${back}`);
}

function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        leaveWhenSignedOut(error);
        // A form that shows the error in its own place handles it there.
        if (!mutation.options.onError) void toast(wordsOf(error), 'bad');
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && codeOf(error) === undefined,
      },
    },
  });
}

/** Calls to the server: tRPC over one batched link, cached by React Query. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/api/trpc', maxItems: MAX_BATCH })] }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
