import { canonicalJson } from '@/server/core/json';
import type { Span } from './window-shape';

/** One window of one key, as kept. Plain JSON. */
export interface Pane<A, R> extends Span {
  acc: A;
  /** as published last; null: not yet */
  published: R | null;
  final: boolean;
  /** what came too late and was put aside */
  late?: A;
  /** of a session: what each time adds, in order of time */
  points?: [at: number, acc: A][];
}

/** What panes ask of the run they are in. */
export interface PaneRules<R> {
  /** whether the watermark passed it */
  isClosed(closesAt: number): boolean;
  isFinal(closesAt: number): boolean;
  tell(key: string, span: Span, k: 'published' | 'final', sign: 1 | -1, result: R): void;
}

/** Publishes a closed pane's result where it differs from what is published: takes that back first. */
export function revise<A, R>(
  key: string,
  pane: Pane<A, R>,
  result: R,
  rules: PaneRules<R>,
  closesAt: number = pane.end,
): void {
  if (!rules.isClosed(closesAt)) return;
  if (pane.published !== null) {
    if (canonicalJson(pane.published) === canonicalJson(result)) return;
    rules.tell(key, pane, 'published', -1, pane.published);
  }
  pane.published = result;
  rules.tell(key, pane, 'published', 1, result);
}
