import { deniedFor } from '@/server/privacy/purpose.schema';
import type { RuleFiring, RuleSet, RuleSetInput } from '@/server/processors';
import type { RuleAudience } from './audience.schema';
import { type CompiledAudience, compileAudience } from './compile-audience';
import { type CompiledRule, compileRule, type RuleAtVersion } from './compile-rule';
import { type RuleContext, ruleContext } from './rule-context';

const MS_PER_SECOND = 1_000;

const NOTHING: RuleFiring[] = [];

/** Compiles rules into a set. Throws the fault of the first rule that does not compile. */
export function createRuleSet(rules: readonly RuleAtVersion[]): RuleSet {
  const byTrigger = indexByTrigger(compileAll(rules));
  const asking = new Set(rules.filter(asksForEvents).flatMap(({ definition }) => definition.when));
  return {
    wants: (eventName) => byTrigger.has(eventName),
    asksForEvents: (eventName) => asking.has(eventName),
    evaluate(input) {
      const waiting = byTrigger.get(input.event.n);
      return waiting === undefined ? NOTHING : evaluateRules(waiting, input);
    },
  };
}

/** Rules of one audience share it compiled: then it is also asked once per event for all of them. */
function compileAll(rules: readonly RuleAtVersion[]): CompiledRule[] {
  const known = new Map<string, CompiledAudience>();
  const membersOf = (audience: RuleAudience): CompiledAudience => {
    const members = known.get(audience.condition) ?? compileAudience(audience);
    known.set(audience.condition, members);
    return members;
  };
  return rules.map((rule) => compileRule(rule, rule.audience ? membersOf(rule.audience) : null));
}

/** Whether a rule's expressions may call `card.count`, the one way to the last events. */
function asksForEvents({ definition, audience }: RuleAtVersion): boolean {
  const texts = [definition.if, definition.then.reason, audience?.condition ?? ''];
  return texts.some((text) => /\bcount\b/.test(text));
}

function indexByTrigger(rules: readonly CompiledRule[]): Map<string, CompiledRule[]> {
  const byTrigger = new Map<string, CompiledRule[]>();
  for (const rule of rules) {
    for (const name of new Set(rule.definition.when)) {
      const waiting = byTrigger.get(name);
      if (waiting) waiting.push(rule);
      else byTrigger.set(name, [rule]);
    }
  }
  for (const waiting of byTrigger.values()) waiting.sort(byPriority);
  return byTrigger;
}

function byPriority(a: CompiledRule, b: CompiledRule): number {
  return b.definition.priority - a.definition.priority || (a.id < b.id ? -1 : 1);
}

function evaluateRules(rules: readonly CompiledRule[], input: RuleSetInput): RuleFiring[] {
  const { denied } = input.consent;
  let context: RuleContext | undefined;
  let answers: Answers | undefined;
  const firings: RuleFiring[] = [];
  for (const rule of rules) {
    if (deniedFor(denied, rule.definition.purpose)) continue;
    context ??= ruleContext(input.event, input.card, denied, input.now);
    if (rule.members !== null) {
      answers ??= new Map();
      if (!isMember(rule.members, context, answers)) continue;
    }
    if (holdsSafely(rule, context) && rule.within(input.now)) firings.push(firingOf(rule, context));
  }
  return firings;
}

/** What audiences said about the customer at one event. */
type Answers = Map<CompiledAudience, boolean>;

function isMember(members: CompiledAudience, context: RuleContext, answers: Answers): boolean {
  const known = answers.get(members);
  if (known !== undefined) return known;
  const answer = members.includes(context);
  answers.set(members, answer);
  return answer;
}

/** A condition that fails on this event (a missing key, a text where a number was expected) does not hold. */
function holdsSafely(rule: CompiledRule, context: RuleContext): boolean {
  try {
    return rule.holds(context);
  } catch {
    return false;
  }
}

function firingOf(rule: CompiledRule, context: RuleContext): RuleFiring {
  const { definition } = rule;
  const firing: RuleFiring = {
    ruleId: rule.id,
    ruleVersion: rule.version,
    purpose: definition.purpose,
    action: rule.action(context),
    inputs: rule.inputs(context),
    coolDownMs: definition.coolDownSeconds * MS_PER_SECOND,
  };
  // The queue says why somebody waits, the card what to do about it: the rule's name, not its action.
  if (rule.useCaseId) firing.useCaseId = rule.useCaseId;
  if (rule.holdout !== undefined) firing.holdout = rule.holdout;
  if (definition.queue) firing.queue = { title: rule.name };
  return firing;
}
