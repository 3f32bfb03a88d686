import type { HelpTopic } from '@/components/ui/page';

export const RULES_HELP: readonly HelpTopic[] = [
  {
    title: 'When, if, then',
    text: 'When one of the named events comes, and the condition holds, the customer gets the action as their next best action, and a decision is written down with the values it read.',
  },
  {
    title: 'For whom',
    text: 'A rule is for everyone, or for one audience: a named condition over the customer, such as three orders or more, without the event. It is asked before the condition, once per event for all rules of the audience.',
  },
  {
    title: 'Changing an audience',
    text: 'Before you save you see how many of the live customers looked at are in it and would be, and which rules follow. Each of those gets a new version that keeps the condition, so that a decision always shows whom its rule was for. An audience that rules are for cannot be removed.',
  },
  {
    title: 'Overlaps',
    text: 'Two rules overlap when they wait for the same event with the same purpose. Audiences and conditions are not taken as proof that they never meet.',
  },
  {
    title: 'Purpose and consent',
    text: 'Every rule names a purpose. A customer who denies it is left alone; who opted out of profiling is left alone by every rule.',
  },
  {
    title: 'What keeps a rule off',
    text: 'A rule runs only while its use case is live, under a signed, valid DPIA that covers the purpose. A change of purpose opens that DPIA again.',
  },
  {
    title: 'Hits and held out',
    text: 'A rule fires for everybody alike. Where its use case holds out a share of customers, nothing is offered or queued for those: their hit is written down as held out, to compare with.',
  },
  {
    title: 'Conditions',
    text: 'They are written in CEL over event, card and consent. Ctrl+Space completes. Properties that may be absent are asked for with has(…), or read with event.number("total") and event.text("reason").',
  },
  {
    title: 'Preview',
    text: 'Before you save, the rule is run over the last hour by the same engine that runs it live, cool-downs included.',
  },
];
