'use client';
import { useEffect, useSyncExternalStore } from 'react';
import type { IconName } from '@/components/ui/icon';

/** Something the palette can do. */
export interface PaletteAction {
  id: string;
  label: string;
  group: string;
  icon?: IconName;
  /** more words to find it by, shown beside it */
  about?: string;
  keys?: string;
  run: () => void;
}

let actions: readonly PaletteAction[] = [];
const listeners = new Set<() => void>();

function announce(next: readonly PaletteAction[]) {
  actions = next;
  for (const listener of listeners) listener();
}

/** Puts a page's actions into the palette while the page is open. Pass a stable array. */
export function usePaletteActions(own: readonly PaletteAction[]) {
  useEffect(() => {
    announce([...actions, ...own]);
    return () => announce(actions.filter((each) => !own.includes(each)));
  }, [own]);
}

export function useRegisteredActions(): readonly PaletteAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => actions,
    () => actions,
  );
}
