import { z } from 'zod';

const secondsFrom = (least: number) => {
  const message = `Whole seconds, ${least} to 86,400`;
  return z.number(message).int(message).min(least, message).max(86_400, message);
};
const seconds = secondsFrom(5);
const contextSeconds = secondsFrom(1);

/**
 * The service levels of a workspace, in seconds: how long a customer may wait by what for, and how far behind what is
 * known of them may be while they chat or call.
 */
export const slaSchema = z.object({
  chat: seconds,
  call: seconds,
  rule: seconds,
  cart: seconds,
  chatContext: contextSeconds,
  callContext: contextSeconds,
});
export type Sla = z.infer<typeof slaSchema>;

export const SLA_NAMES = Object.keys(slaSchema.shape) as (keyof Sla)[];

/** What holds until a workspace says otherwise. */
export const DEFAULT_SLA: Sla = {
  chat: 60,
  call: 60,
  rule: 180,
  cart: 300,
  chatContext: 10,
  callContext: 10,
};
