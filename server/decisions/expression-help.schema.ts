export interface CompletionItem {
  /** what is inserted */
  text: string;
  type: string;
  help: string;
}

/** Fields and functions with their help: what the editor completes and the help lists. */
export const EXPRESSION_HELP: readonly CompletionItem[] = [
  { text: 'event.name', type: 'string', help: 'name of the event, such as "Product Added"' },
  { text: 'event.type', type: 'string', help: 'track, identify, page, screen, group or alias' },
  { text: 'event.platform', type: 'string', help: 'web, ios, android, server, store or device' },
  { text: 'event.customer', type: 'string', help: 'customer key' },
  { text: 'event.time', type: 'timestamp', help: 'event time; event.time.getHours("Europe/Berlin")' },
  { text: 'event.properties', type: 'map', help: 'properties as sent; ask has(event.properties.x) first' },
  { text: 'event.number("total")', type: 'double', help: 'a property as a number, 0 when absent' },
  { text: 'event.text("currency")', type: 'string', help: 'a property as text, empty when absent' },
  { text: 'card.visits', type: 'double', help: 'visits known' },
  { text: 'card.orders', type: 'double', help: 'orders known' },
  {
    text: 'card.revenue',
    type: 'double',
    help: 'money of all orders less refunds, in the workspace currency',
  },
  { text: 'card.daysSinceOrder', type: 'double', help: 'days since the last order; 1e9 without any' },
  { text: 'card.daysKnown', type: 'double', help: 'days since the first event' },
  { text: 'card.traits', type: 'map', help: 'traits as sent; ask has(card.traits.x) first' },
  {
    text: 'card.count("Payment Failed", 30)',
    type: 'double',
    help: 'events of a name in the last minutes, of the last 20',
  },
  { text: 'card.visit.live', type: 'bool', help: 'the customer is visiting now' },
  { text: 'card.visit.minutes', type: 'double', help: 'minutes since the visit began' },
  { text: 'card.visit.events', type: 'double', help: 'events in the visit' },
  {
    text: 'card.visit.platform',
    type: 'string',
    help: 'platform of the visit: web, ios, android, server, store or device; none without one',
  },
  { text: 'card.cart.open', type: 'bool', help: 'a cart is open' },
  { text: 'card.cart.status', type: 'string', help: 'none, open, checkout, paymentFailed or abandoned' },
  { text: 'card.cart.value', type: 'double', help: 'value of the cart, in card.cart.currency' },
  { text: 'card.cart.currency', type: 'string', help: 'currency of the cart' },
  { text: 'card.cart.items', type: 'double', help: 'number of items in the cart' },
  { text: 'card.cart.idleSeconds', type: 'double', help: 'seconds since the last cart event' },
  { text: 'card.contact.open', type: 'bool', help: 'a call or chat is on' },
  { text: 'card.contact.channel', type: 'string', help: 'none, call or chat' },
  { text: 'card.contact.turns', type: 'double', help: 'final turns of the customer' },
  { text: 'card.contact.sentiment', type: 'double', help: 'sentiment of the contact, −1 to 1' },
  { text: 'card.contact.lastTurn', type: 'double', help: 'sentiment of the last customer turn, −1 to 1' },
  { text: 'consent.allows("marketing")', type: 'bool', help: 'the customer has not denied the purpose' },
  { text: 'consent.denied', type: 'list<string>', help: 'purposes denied' },
  {
    text: 're(event.text("url"), "/sale/.*")',
    type: 'bool',
    help: 'regular expression without backtracking, anywhere in the text',
  },
  { text: 'has(event.properties.x)', type: 'bool', help: 'whether a property is there' },
  { text: 'has(card.traits.x)', type: 'bool', help: 'whether a trait is there' },
  { text: 'size(event.name)', type: 'int', help: 'length of a text, list or map' },
];

/** The same for audiences, which know no event. */
export const AUDIENCE_HELP: readonly CompletionItem[] = EXPRESSION_HELP.filter(
  ({ text }) => !/\bevent\b/.test(text),
);
