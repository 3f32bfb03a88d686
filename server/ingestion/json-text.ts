const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Parses JSON that was sent to us. Some senders write a byte order mark before it, which is none of the value: RFC 8259,
 * section 8.1, lets a parser pass over it, and a lost event is the worse answer.
 * @throws SyntaxError when it is not JSON
 */
export function parseJsonText(text: string): unknown {
  return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
}

/** Whether a value of JSON is an object: fields by name. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
