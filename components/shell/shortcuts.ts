'use client';
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** "mod+K", "?", "J", or a sequence such as "g o" */
  keys: string;
  label: string;
  group: string;
}

interface Registered extends Shortcut {
  run: () => void;
}

const SEQUENCE_MS = 1_000;
let registered: readonly Registered[] = [];
const listeners = new Set<() => void>();
let prefix = '';
let prefixAt = 0;

function announce(next: readonly Registered[]) {
  registered = next;
  for (const listener of listeners) listener();
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

const PRESSED_BY_ENTER = 'a[href], button, summary, [role="menuitem"], [role="tab"]';

/** Enter and space on a button or link are for that: no shortcut takes them away. */
function presses({ key, target }: KeyboardEvent): boolean {
  if (key !== 'Enter' && key !== ' ') return false;
  return target instanceof HTMLElement && target.closest(PRESSED_BY_ENTER) !== null;
}

function matches(shortcut: Shortcut, event: KeyboardEvent, before: string): boolean {
  const mod = shortcut.keys.startsWith('mod+');
  if (mod !== (event.metaKey || event.ctrlKey) || event.altKey) return false;
  const wanted = (mod ? shortcut.keys.slice(4) : shortcut.keys).toLowerCase();
  return wanted === `${before}${event.key.toLowerCase()}`;
}

/** A sequence that this key completes goes before what the key does alone: "g t" before "t". */
function boundTo(event: KeyboardEvent): Registered | undefined {
  const inSequence = prefix && registered.findLast((each) => matches(each, event, `${prefix} `));
  return inSequence || registered.findLast((each) => matches(each, event, ''));
}

function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || presses(event)) return;
  const mod = event.metaKey || event.ctrlKey;
  if (!mod && (typing(event.target) || document.querySelector('[aria-modal="true"]'))) return;
  if (performance.now() - prefixAt > SEQUENCE_MS) prefix = '';
  const found = boundTo(event);
  const starts =
    !mod && registered.some((each) => each.keys.toLowerCase().startsWith(`${event.key.toLowerCase()} `));
  prefix = !found && starts ? event.key.toLowerCase() : '';
  prefixAt = performance.now();
  if (!found) return;
  event.preventDefault();
  found.run();
}

/**
 * Binds a shortcut while the component is on the page and lists it under `?`. Plain keys are silent while a field has
 * the focus or a dialog is open, and Enter while a button or link has it. The newest binding of the same keys wins.
 */
export function useShortcut(
  keys: string,
  label: string,
  run: () => void,
  group = 'This page',
  enabled = true,
) {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const entry: Registered = { keys, label, group, run: () => latest.current() };
    if (registered.length === 0) window.addEventListener('keydown', onKey);
    announce([...registered, entry]);
    return () => {
      announce(registered.filter((each) => each !== entry));
      if (registered.length === 0) window.removeEventListener('keydown', onKey);
    };
  }, [keys, label, group, enabled]);
}

/** Every shortcut that works now. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => registered,
    () => registered,
  );
}
