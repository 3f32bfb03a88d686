'use client';
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { wordsOf } from '@/components/ui/toast';
import { ExplainedParts } from './explained-parts';
import styles from './state.module.css';

/** Looks one customer up. The key stands in the address, so that a look can be shared; each is audited. */
export function ExplainPane() {
  const trpc = useTRPC();
  const [customer, setCustomer] = useAddressParam('customer');
  const [typed, setTyped] = useState(customer);
  const query = useQuery({
    ...trpc.state.explain.queryOptions({ customer }),
    enabled: customer !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <Pane title="Explain a state" note="every look is audited" padded={false}>
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = typed.trim();
          if (wanted === customer) void query.refetch();
          else setCustomer(wanted || null);
        }}
      >
        <TextInput
          label="Customer key"
          placeholder="user id or anonymous id"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          w={320}
        />
        <Button type="submit" loading={query.isFetching} disabled={typed.trim() === ''}>
          Explain
        </Button>
      </form>
      {customer === '' ? (
        <EmptyState icon="search" title="Nobody looked up yet" compact>
          Give a customer’s key to see what is stored, the events behind it, and what they make now.
        </EmptyState>
      ) : query.isError ? (
        <ErrorState title="It could not be explained" onRetry={() => query.refetch()}>
          {wordsOf(query.error)}
        </ErrorState>
      ) : query.data === undefined ? (
        <SkeletonLines lines={6} />
      ) : query.data.length === 0 ? (
        <EmptyState icon="search" title="Nothing is known of this key" compact>
          Neither state nor events. Keys are compared exactly, upper and lower case included.
        </EmptyState>
      ) : (
        query.data.map((state) => <ExplainedParts key={state.region} state={state} onLookUp={setCustomer} />)
      )}
    </Pane>
  );
}
