'use client';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { Modal } from '@/components/ui/modal';
import styles from './palette.module.css';
import { type PaletteAction, useRegisteredActions } from './palette-store';
import { useMay } from './person';
import { SECTIONS, type Section } from './sections';
import { takeTypedAhead } from './type-ahead';
import { CUSTOMERS, useRemoteActions } from './use-remote-actions';

const MOST_SHOWN = 40;

function fits(action: PaletteAction, words: string[]): boolean {
  const text = `${action.label} ${action.about ?? ''} ${action.group}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Finds every page, customer, rule and action by typing. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={open}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      centered={false}
      yOffset="12vh"
      attributes={{ content: { 'aria-label': 'Find a page, customer, rule or action' } }}
    >
      <PaletteBody onClose={onClose} />
    </Modal>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState(0);
  const id = useId();
  // Never of what was typed before: Enter runs what stands first for the words as they are.
  const { items, searching } = useMatches(query);
  const index = Math.min(selected, Math.max(0, items.length - 1));
  /** Enter was pressed before the search had answered. */
  const [isWaiting, setWaiting] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // The dialog gives its field the focus a moment after it is shown; who types on at once would lose keys till then.
  useLayoutEffect(() => {
    const { text, entered } = takeTypedAhead();
    field.current?.focus({ preventScroll: true });
    if (text !== '') setQuery(text);
    if (entered) setWaiting(true);
  }, []);
  const run = (action: PaletteAction | undefined) => {
    if (!action) return;
    onClose();
    action.run();
  };
  // Customers of an earlier query are shown until the new ones come: none of those is taken for what was typed.
  const isSettled = !searching || (items[index] !== undefined && items[index].group !== CUSTOMERS);
  useEffect(() => {
    if (!isWaiting || !isSettled) return;
    setWaiting(false);
    run(items[index]);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setSelected((index + step + items.length) % Math.max(1, items.length));
    else if (event.key !== 'Enter') return;
    else if (isSettled) run(items[index]);
    else setWaiting(true);
    event.preventDefault();
  };
  return (
    <div>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          ref={field}
          data-autofocus
          className={styles.input}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setSelected(0);
            setWaiting(false);
          }}
          onKeyDown={onKeyDown}
          placeholder="Page, customer, rule or action"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={items[index] ? `${id}-${index}` : undefined}
          aria-label="Find a page, customer, rule or action"
        />
        <Kbd keys="Escape" />
      </div>
      <div className={styles.list} role="listbox" id={`${id}-list`} aria-label="Found">
        {items.map((action, at) => (
          <Found
            key={action.id}
            id={`${id}-${at}`}
            action={action}
            heading={items[at - 1]?.group === action.group ? null : action.group}
            selected={at === index}
            onPoint={() => setSelected(at)}
            onRun={() => run(action)}
          />
        ))}
      </div>
      {items.length === 0 && (
        <p className={styles.none} role="status">
          {searching ? 'Searching…' : 'Nothing fits. Customers are found by key, rules by name.'}
        </p>
      )}
    </div>
  );
}

interface FoundProps {
  id: string;
  action: PaletteAction;
  heading: string | null;
  selected: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Found({ id, action, heading, selected, onPoint, onRun }: FoundProps) {
  return (
    <>
      {heading && (
        <div className={styles.group} role="presentation">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and handles the keys */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={selected}
        className={styles.item}
        ref={(element) => {
          if (selected) element?.scrollIntoView({ block: 'nearest' });
        }}
        onMouseMove={onPoint}
        onClick={onRun}
      >
        <Icon name={action.icon ?? 'right'} />
        <span className={styles.label}>{action.label}</span>
        <span className={styles.about}>{action.about}</span>
        {action.keys && <Kbd keys={action.keys} />}
      </div>
    </>
  );
}

/** A section and the pages below it. */
function pagesOf(section: Section, open: (href: string) => void): PaletteAction[] {
  const { href, label, about, icon, key, pages = [] } = section;
  const common = { group: 'Pages', icon };
  const below = pages.filter((page) => page.href !== href);
  return [
    { id: `page:${href}`, label, about, keys: `g ${key}`, run: () => open(href), ...common },
    ...below.map((page) => ({
      id: `page:${page.href}`,
      label: `${label}: ${page.label}`,
      about: page.about,
      run: () => open(page.href),
      ...common,
    })),
  ];
}

function useMatches(query: string): { items: PaletteAction[]; searching: boolean } {
  const router = useRouter();
  const mayDo = useMay();
  const registered = useRegisteredActions();
  const remote = useRemoteActions(query.trim());
  const pages = useMemo(
    () =>
      SECTIONS.filter((section) => mayDo(section.action)).flatMap((section) =>
        pagesOf(section, (href) => router.push(href)),
      ),
    [router, mayDo],
  );
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const local = [...registered, ...pages].filter((action) => fits(action, words));
  return { items: [...local, ...remote.items].slice(0, MOST_SHOWN), searching: remote.searching };
}
