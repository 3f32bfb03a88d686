import type { ReactNode } from 'react';

/** Lets a table of a set height keep it: in a pane's column it would grow with its rows, and draw all of them. */
export function TableBox({ children }: { children: ReactNode }) {
  return <div>{children}</div>;
}
