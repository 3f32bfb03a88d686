'use client';
import { Button, CopyButton, Tabs, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import type { CollectorAddress } from '@/server/ingestion/debugger-entry.schema';
import { ArrivalList } from './arrival-list';
import styles from './ingestion.module.css';
import { snippetsFor } from './snippets';

const HELP = [
  {
    title: 'Address and key',
    text: 'Clients send to the collector with a write key. A source’s key is shown once, when it is made in Settings → Sources; paste it here to have it in the snippets. It stays in this page.',
  },
  {
    title: 'What arrives',
    text: 'The list shows events as the collector answers them, at most twenty a second, masked. A refused one says why, and stands in Dead letters for a fix.',
  },
];

const NO_KEY = 'YOUR_WRITE_KEY';

/** Snippets for every kind of client, and beside them what arrives. */
export function FirstEventPage() {
  const trpc = useTRPC();
  const address = useQuery(
    trpc.firstEvent.address.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }),
  );
  return (
    <Page
      title="Send your first event"
      about="Copy a snippet, run it, and watch the event arrive on the right."
      help={HELP}
      fill
    >
      <div className={styles.halves}>
        <Pane title="From your client">
          {address.isPending && <SkeletonLines lines={8} />}
          {address.isError && <ErrorState compact onRetry={() => address.refetch()} />}
          {address.data && <Snippets address={address.data} />}
        </Pane>
        <ArrivalList />
      </div>
    </Page>
  );
}

function Snippets({ address }: { address: CollectorAddress }) {
  const [writeKey, setWriteKey] = useState(address.demoKey ?? '');
  const scheme = address.secure ? 'https' : 'http';
  const host = `${scheme}://${window.location.hostname}:${address.port}`;
  const snippets = snippetsFor(host, writeKey.trim() || NO_KEY);
  return (
    <>
      <div className={styles.address}>
        <TextInput label="Collector" value={host} readOnly />
        <TextInput
          label="Write key"
          placeholder="mw_…, from Settings → Sources"
          value={writeKey}
          onChange={(event) => setWriteKey(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <Tabs defaultValue="curl" keepMounted={false}>
        <Tabs.List aria-label="Clients">
          {snippets.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map(({ name, text }) => (
          <Tabs.Panel key={name} value={name}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
            <pre className={styles.code} tabIndex={0}>
              {text}
            </pre>
            <CopyButton value={text}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
