import type { JsonObject } from '@/server/core/json';
import { type CustomerState, isMoved } from './customer-state';
import type { StepOperator } from './topology.schema';

/** Whose each member of a customer's kept state is. */
const KEPT_BY: Record<keyof CustomerState, StepOperator> = {
  n: 'timers',
  w: 'late',
  f: 'visits',
  e: 'metrics',
  vs: 'visits',
  vd: 'visits',
  cb: 'carts',
  ca: 'carts',
  sl: 'carts',
  hd: 'carts',
  cm: 'carts',
  cs: 'carts',
  cc: 'carts',
  cx: 'context',
  xs: 'context',
  tr: 'context',
  rf: 'purchases',
  ct: 'contacts',
  lk: 'identity',
  la: 'identity',
  pc: 'timers',
  x: 'consent',
  na: 'rules',
  sg: 'consent',
  cd: 'rules',
};

/** Characters of a kept state by the operator that keeps them; its key and the braces around are nobody's. */
export function stateShares(state: JsonObject): Partial<Record<StepOperator, number>> {
  if (isMoved(state)) return { identity: JSON.stringify(state).length };
  const shares: Partial<Record<StepOperator, number>> = {};
  for (const [member, value] of Object.entries(state)) {
    const operator = KEPT_BY[member as keyof CustomerState];
    if (operator === undefined || value === undefined) continue;
    // "member":value,
    shares[operator] = (shares[operator] ?? 0) + member.length + 4 + JSON.stringify(value).length;
  }
  return shares;
}
