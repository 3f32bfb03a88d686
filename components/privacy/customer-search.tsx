'use client';
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useShortcut } from '@/components/shell/shortcuts';
import { Icon } from '@/components/ui/icon';
import styles from './customer-search.module.css';

const TYPING_MS = 180;

/** Finds a customer by the whole key or its beginning. A key nobody knows yet can be opened too: an opt-out may come first. */
export function CustomerSearch({ onFound }: { onFound: (customer: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const choices = useChoices(text);
  const index = Math.min(at, choices.length - 1);
  const shown = open && choices.length > 0;
  useShortcut('/', 'Search a customer', () => field.current?.focus());
  const choose = (customer: string | undefined) => {
    if (customer === undefined) return;
    setOpen(false);
    setText('');
    onFound(customer);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && choices.length > 0) {
      setOpen(true);
      setAt((index + step + choices.length) % choices.length);
    } else if (event.key === 'Enter' && shown) choose(choices[index]?.key);
    else if (event.key === 'Escape' && shown) setOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.search}>
      <TextInput
        ref={field}
        value={text}
        role="combobox"
        aria-label="Search a customer"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown ? `${id}-${index}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder="Customer key"
        leftSection={<Icon name="search" size={14} />}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Customers found"
        className={styles.list}
        hidden={!shown}
      >
        {choices.map((choice, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and handles the keys
          <div
            key={choice.key}
            id={`${id}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === index}
            className={styles.option}
            // The field keeps the focus: losing it would close the list before the click is told.
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => setAt(place)}
            onClick={() => choose(choice.key)}
          >
            <span className={styles.key}>{choice.key}</span>{' '}
            <span className={styles.about}>{choice.about}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** What was found, and last the text itself when it is no known key. */
function useChoices(text: string): { key: string; about: string }[] {
  const trpc = useTRPC();
  const [query] = useDebouncedValue(text.trim(), TYPING_MS);
  const { data, isFetching } = useQuery(
    trpc.customers.search.queryOptions({ query, limit: 12 }, { enabled: query !== '' }),
  );
  if (query === '') return [];
  const found = (data ?? []).map(({ key, linkedTo }) => ({
    key,
    about: linkedTo === null ? '' : `belongs to ${linkedTo}`,
  }));
  if (found.some(({ key }) => key === query)) return found;
  return [...found, { key: query, about: isFetching ? 'searching…' : 'open this key' }];
}
