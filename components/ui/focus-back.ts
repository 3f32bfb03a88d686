import { useInsertionEffect } from 'react';

/** Whatever takes the focus of its own accord has taken it by then. */
const AFTER_MS = 10;

/** Where the focus last was on the page itself when a dialog opened: one dialog may give way to the next. */
let onThePage: Element | null = null;

/**
 * Puts the focus back where it was when a dialog opened. Mantine does so only for a dialog that is on the page before it
 * opens and after it closed; most of ours are there only while they are open.
 */
export function useFocusBack(opened: boolean): void {
  // Before the effects of what is within, which may take the focus.
  useInsertionEffect(() => {
    if (!opened) return;
    const before = whereFocusIs();
    return () => {
      const atClose = document.activeElement;
      setTimeout(() => giveBack(before, atClose), AFTER_MS);
    };
  }, [opened]);
}

function whereFocusIs(): Element | null {
  const now = document.activeElement;
  const isOnThePage = now !== null && now !== document.body && now.closest('[role="dialog"]') === null;
  if (isOnThePage) onThePage = now;
  return now === document.body ? onThePage : now;
}

function giveBack(before: Element | null, atClose: Element | null): void {
  const now = document.activeElement;
  const isElsewhere = now !== null && now !== document.body && now !== atClose;
  const target = before?.isConnected ? before : onThePage;
  if (!isElsewhere && target instanceof HTMLElement) target.focus({ preventScroll: true });
}
