/** A timer of a key, ms of event time. */
export type Timer = [at: number, key: string];

function before(a: Timer, b: Timer): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

/** Adds a timer to a binary heap kept in a plain array: the earliest is first. */
export function pushTimer(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(timer, heap[parent] as Timer)) break;
    heap[at] = heap[parent] as Timer;
    at = parent;
  }
  heap[at] = timer;
}

/** Takes the earliest timer if it is due by `clock`. */
export function popDue(heap: Timer[], clock: number): Timer | null {
  const first = heap[0];
  if (first === undefined || first[0] > clock) return null;
  const last = heap.pop() as Timer;
  if (heap.length > 0) sink(heap, last);
  return first;
}

function sink(heap: Timer[], timer: Timer): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
    if (!before(heap[child] as Timer, timer)) break;
    heap[at] = heap[child] as Timer;
    at = child;
  }
  heap[at] = timer;
}
