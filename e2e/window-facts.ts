import { expect } from '@playwright/test';
import { rest, send, track } from './product';

/** Carts in an hour of their own, which the journeys of windows look at. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Final for long, and not yet forgotten, which it is a day after. */
const BASE = Math.floor((Date.now() - 20 * HOUR_MS) / HOUR_MS) * HOUR_MS;
export const RANGE = `from=${new Date(BASE).toISOString()}&to=${new Date(BASE + HOUR_MS).toISOString()}`;
export const at = (minute: number) => new Date(BASE + minute * MINUTE_MS);
export const run = crypto.randomUUID().slice(0, 8);

/** A step of log time in a range of an hour: what comes within a few of them may not be late to it. */
const LOG_STEP_MS = 10_000;
const logStep = () => Math.floor(Date.now() / LOG_STEP_MS);

export async function untilAbandoned(carts: number): Promise<void> {
  const totals = `totals?from=${at(0).toISOString()}&to=${at(120).toISOString()}`;
  await expect
    .poll(async () => (await rest<{ cartsAbandoned: number }>(totals)).cartsAbandoned, { timeout: 60_000 })
    .toBe(carts);
}

let publishing: Promise<number> | undefined;

/** One cart converted and one abandoned, sent when first asked for. @returns the step of log time they are in */
export function published(): Promise<number> {
  publishing ??= publish();
  return publishing;
}

async function publish(): Promise<number> {
  await send(
    track(`win-a-${run}`, 'Product Added', { product_id: 'p', price: 10 }, at(1)),
    track(`win-a-${run}`, 'Order Completed', { total: 10 }, at(5)),
    track(`win-b-${run}`, 'Product Added', { product_id: 'p', price: 10 }, at(2)),
  );
  await untilAbandoned(1);
  return logStep();
}

/** Until what is sent now is late to what was published. */
export async function untilOthersAreLate(): Promise<void> {
  const step = await published();
  await expect.poll(logStep, { timeout: 60_000 }).toBeGreaterThan(step + 3);
}
