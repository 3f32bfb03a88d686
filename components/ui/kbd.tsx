'use client';
import { useSyncExternalStore } from 'react';
import styles from './kbd.module.css';

const NAMES: Record<string, string> = { Enter: '↵', Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' };

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

/** The keys of a shortcut, such as "mod+K" or "g o" (one after the other), in the words of the viewer's keyboard. */
export function Kbd({ keys }: { keys: string }) {
  const apple = useSyncExternalStore(
    () => () => undefined,
    isApple,
    () => false,
  );
  const parts = keys.split(/[+ ]/).map((key) => {
    if (key === 'mod') return apple ? '⌘' : 'Ctrl';
    return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  });
  return (
    <span className={styles.keys}>
      {parts.map((part) => (
        <kbd key={part} className={styles.key}>
          {part}
        </kbd>
      ))}
    </span>
  );
}
