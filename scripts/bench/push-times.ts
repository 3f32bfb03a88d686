const COMPUTED_AT = '"computedAt":';
const AT = ',"at":';

/** Times in a pushed update of the room `operations`, found without parsing it, ms; null where there is none. */
export function pushTimes(frame: string): { computedAt: number | null; at: number | null } {
  // The update's own `at` comes before its data, in which there are others.
  const data = frame.indexOf('"data":');
  const head = data < 0 ? frame : frame.slice(0, data);
  return { computedAt: timeAfter(frame, COMPUTED_AT), at: timeAfter(head, AT) };
}

function timeAfter(text: string, name: string): number | null {
  const found = text.indexOf(name);
  if (found < 0) return null;
  const time = Number.parseInt(text.slice(found + name.length, found + name.length + 16), 10);
  return Number.isNaN(time) ? null : time;
}
