'use client';

/** For how long keys are kept for a field that does not come. */
const LIMIT_MS = 10_000;

/** What was typed before the field for it was there. */
export interface TypedAhead {
  text: string;
  /** Enter was pressed after it */
  entered: boolean;
}

let typed: TypedAhead = { text: '', entered: false };
let stop = () => {};

/** From now on keys are kept for a field that is about to come, instead of going wherever the focus is. */
export function keepTypedAhead(): void {
  stop();
  typed = { text: '', entered: false };
  window.addEventListener('keydown', keep, { capture: true });
  const timer = setTimeout(() => stop(), LIMIT_MS);
  stop = () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', keep, { capture: true });
  };
}

/** What was typed since `keepTypedAhead`; from now on keys go where the focus is. Nothing when asked again. */
export function takeTypedAhead(): TypedAhead {
  stop();
  const taken = typed;
  typed = { text: '', entered: false };
  return taken;
}

function keep(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typed.entered) return;
  if (event.key === 'Enter') typed.entered = true;
  else if (event.key === 'Backspace') typed.text = typed.text.slice(0, -1);
  else if (event.key.length === 1) typed.text += event.key;
  else return;
  event.preventDefault();
  event.stopPropagation();
}
