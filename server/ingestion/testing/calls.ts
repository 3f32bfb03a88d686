let counter = 0;

/** A track call with an id of its own. */
export const track = (fields: Record<string, unknown> = {}) => ({
  type: 'track',
  event: 'Tested',
  userId: 'u-1',
  messageId: `m-${counter++}`,
  ...fields,
});

/** A product put in a cart. */
export const add = (properties: Record<string, unknown>) => track({ event: 'Product Added', properties });

/** A customer's turn in a call. */
export const turn = (properties: Record<string, unknown>) => {
  const said = {
    contactId: 'c',
    turnId: 't1',
    participant: 'customer',
    text: 'Hello',
    beginMs: 0,
    endMs: 900,
  };
  return track({ event: 'Transcript Segment', properties: { ...said, isFinal: true, ...properties } });
};
