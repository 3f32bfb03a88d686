import type { JsonObject } from '@/server/core/json';
import { emptyMachine } from './carts';
import { type CustomerState, emptyState, isMoved, shaped } from './customer-state';
import { type CustomerView, heldState, heldView, holdView, NO_GAUGES, viewOf } from './customer-view';
import { countCustomers } from './metrics';
import type { StepRun } from './step-run';

/**
 * The customers of the working set in hand. What is derived of one is held beside the parsed state as long as the
 * runtime keeps that object; it is never needed for the result, which follows from the kept state.
 */
export class HeldCustomers {
  readonly #run: StepRun;
  #lastState: CustomerState | null = null;
  #lastView: CustomerView | null = null;

  constructor(run: StepRun) {
    this.#run = run;
  }

  /** The state of a customer who lives here, in the shape all states have in memory. */
  readonly held = (customer: string): CustomerState | null => {
    const { states } = this.#run.set;
    const state = heldState(states.get(customer));
    if (state === null || state === this.#lastState) return state;
    const view = heldView(state);
    if (view !== undefined) {
      this.#lastState = state;
      this.#lastView = view;
      return state;
    }
    const whole = shaped(state);
    states.set(customer, whole as unknown as JsonObject);
    this.viewOf(whole);
    return whole;
  };

  /** What is derived of a state. */
  readonly viewOf = (state: CustomerState): CustomerView => {
    // The customer in hand is asked for several times in one step.
    if (state === this.#lastState && this.#lastView !== null) return this.#lastView;
    return heldView(state) ?? holdView(state, viewOf(state, this.#run.config.settings));
  };

  /** The same, or a new one where nobody lived. */
  stateFor(customer: string): CustomerState {
    const { set } = this.#run;
    const state = this.held(customer);
    if (state !== null) return state;
    const held = set.states.get(customer);
    const fresh = emptyState();
    if (held && isMoved(held)) {
      // A record that went round in a circle is processed here: the key is a customer again.
      set.redirects.set(customer, null);
      set.changedRedirects.add(customer);
    }
    holdView(fresh, { machine: emptyMachine(), facts: [], clockFact: null, gauges: NO_GAUGES });
    set.states.set(customer, fresh as unknown as JsonObject);
    countCustomers(set.aggregates, 1);
    return fresh;
  }
}
