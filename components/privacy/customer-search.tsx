'use client';
import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useShortcut } from '@/components/shell/shortcuts';
import { Icon } from '@/components/ui/icon';
import styles from './privacy.module.css';

const TYPING_MS = 180;

/** Finds a customer by the whole key or its beginning. A key nobody knows yet can be opened too: an opt-out may come first. */
export function CustomerSearch({ onFound }: { onFound: (customer: string) => void }) {
  const trpc = useTRPC();
  const combobox = useCombobox();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text.trim(), TYPING_MS);
  const { data, isFetching } = useQuery(
    trpc.customers.search.queryOptions({ query, limit: 12 }, { enabled: query !== '' }),
  );
  useShortcut('/', 'Search a customer', () => field.current?.focus());
  const found = query === '' ? [] : (data ?? []);
  const open = (customer: string) => {
    combobox.closeDropdown();
    setText('');
    onFound(customer);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={open} withinPortal>
      <Combobox.Target>
        <TextInput
          ref={field}
          value={text}
          w={300}
          aria-label="Search a customer"
          placeholder="Customer key"
          leftSection={<Icon name="search" size={14} />}
          rightSection={isFetching ? <Loader size={12} /> : undefined}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onFocus={() => text !== '' && combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={query === ''}>
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }}>
          {found.map(({ key, linkedTo }) => (
            <Combobox.Option key={key} value={key}>
              <span className={styles.mono}>{key}</span>
              {linkedTo !== null && <span className={styles.quiet}> belongs to {linkedTo}</span>}
            </Combobox.Option>
          ))}
          {query !== '' && !found.some(({ key }) => key === query) && (
            <Combobox.Option value={query}>
              <span className={styles.mono}>{query}</span>
              <span className={styles.quiet}> {isFetching ? 'searching…' : 'open this key'}</span>
            </Combobox.Option>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
