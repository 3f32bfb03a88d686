/** Event names kept as a number in the state. The order is part of the stored form: add at the end only. */
export const KNOWN_NAMES = [
  'Product Added',
  'Product Removed',
  'Cart Viewed',
  'Checkout Started',
  'Coupon Applied',
  'Payment Failed',
  'Order Completed',
  'Order Refunded',
  'Product Viewed',
  'Product List Viewed',
  'Product Clicked',
  'Products Searched',
  'Signed In',
  'Signed Out',
  'Transcript Segment',
  'Call Started',
  'Call Ended',
  'Live Chat Conversation Started',
  'Live Chat Conversation Ended',
  'Live Chat Message Sent',
  'Live Chat Message Received',
  'Checkout Step Viewed',
  'Checkout Step Completed',
  'Payment Info Entered',
  'Order Cancelled',
  'Promotion Viewed',
  'Application Opened',
] as const;

const INDEX = new Map<string, number>(KNOWN_NAMES.map((name, index) => [name, index]));

export function knownIndex(name: string): number | undefined {
  return INDEX.get(name);
}
