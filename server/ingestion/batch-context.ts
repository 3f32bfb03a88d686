import { findComplexity } from './event-shape';
import { isFields } from './json-text';
import { MAX_SHARED_CONTEXT_BYTES } from './limits';
import { type Refusal, refuse } from './refusal';

/**
 * The events of a batch with the context that it says once for all of them: Segment's API merges that with the context
 * of each, whose own entries go before. Anything but an object says nothing, as in an event.
 */
export function withContext(events: readonly unknown[], context: unknown): readonly unknown[] | Refusal {
  if (!isFields(context)) return events;
  const complex = findComplexity(context, 'context');
  if (complex) return complex;
  // Each may become a dead letter that holds it.
  if (Buffer.byteLength(JSON.stringify(context)) * events.length > MAX_SHARED_CONTEXT_BYTES) {
    const detail = 'Is too much for so many events. Nothing was taken: send them in parts.';
    return refuse('too_large', 'context', detail);
  }
  return events.map((event) => (isFields(event) ? bearing(event, context) : event));
}

function bearing(event: Record<string, unknown>, context: Record<string, unknown>): Record<string, unknown> {
  return { ...event, context: isFields(event.context) ? { ...context, ...event.context } : context };
}
