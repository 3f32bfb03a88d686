/**
 * What repeats of a CloudEvent share. Ids of other sources are other events; a newline stands between the two, since no
 * source may hold one.
 */
export function cloudEventDedupKey(source: string, id: string): string {
  return `${source}\n${id}`;
}

/**
 * What repeats of a Segment call share: its message id as it is, so that ids on record are known again. One that holds a
 * newline would pass for the source and id of a CloudEvent; its key begins with the only newline in it, as no other does.
 */
export function segmentDedupKey(messageId: string): string {
  return messageId.includes('\n') ? `\n${JSON.stringify(messageId)}` : messageId;
}
