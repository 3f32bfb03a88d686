'use client';
import { NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { EXPRESSION_HELP } from '@/server/decisions/expression-help.schema';
import {
  ACTION_KINDS,
  type ExpressionFault,
  type RuleDefinition,
  type RuleInput,
} from '@/server/decisions/rule.schema';
import { PURPOSE_WORDS, PURPOSES } from '@/server/privacy/purpose.schema';
import { AudienceSelect } from './audience-select';
import { CelEditor } from './cel-editor';
import { RuleHoursFields } from './rule-hours-fields';
import styles from './rules.module.css';
import { KNOWN_EVENTS } from './rules-data';

interface RuleFormProps {
  form: RuleInput;
  faults: readonly ExpressionFault[];
  issues: readonly { path: PropertyKey[]; message: string }[];
  /** somebody tried to save: what is still empty is told too */
  tried: boolean;
  readOnly: boolean;
  onChange: (form: RuleInput) => void;
}

const KIND_WORDS = {
  service: 'Service: help now',
  offer: 'Offer: something to buy',
  save: 'Save: keep the customer',
};

/** When, if, then, and what surrounds them. */
export function RuleForm({ form, faults, issues, tried, readOnly, onChange }: RuleFormProps) {
  const trpc = useTRPC();
  const { data: board } = useQuery(trpc.useCases.board.queryOptions());
  const { definition } = form;
  const set = (changes: Partial<RuleDefinition>) =>
    onChange({ ...form, definition: { ...definition, ...changes } });
  const setThen = (changes: Partial<RuleDefinition['then']>) => {
    const then = { ...definition.then, ...changes };
    set({ then });
  };
  // A field is told what it lacks once something stands in it, or once all of it was to be saved.
  const issueOf = (path: string, filled: boolean) =>
    filled || tried ? issues.find((issue) => issue.path.join('.') === path)?.message : undefined;
  const reasonFault = faults.find(({ field }) => field === 'then.reason');
  return (
    <div className={styles.form}>
      <div className={styles.pair}>
        <TextInput
          label="Name"
          required
          value={form.name}
          onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
          error={issueOf('name', form.name !== '')}
          readOnly={readOnly}
          maxLength={100}
        />
        <Select
          label="Use case"
          description="It runs only while this is live"
          data={(board?.cards ?? []).map(({ id, title, stage }) => ({
            value: id,
            label: `${title} (${stage})`,
          }))}
          value={form.useCaseId}
          onChange={(useCaseId) => onChange({ ...form, useCaseId })}
          readOnly={readOnly}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Clear' }}
        />
      </div>
      <TagsInput
        label="When one of these events comes"
        description="Names as they are sent; Enter adds one"
        data={KNOWN_EVENTS}
        value={definition.when}
        onChange={(when) => set({ when })}
        error={issueOf('definition.when', true)}
        readOnly={readOnly}
        maxTags={20}
        size="xs"
      />
      <AudienceSelect
        audienceId={form.audienceId}
        readOnly={readOnly}
        onChange={(audienceId) => onChange({ ...form, audienceId })}
      />
      <CelEditor
        label="If"
        description="CEL over event, card and consent. Ctrl+Space completes. Empty means always."
        value={definition.if}
        fault={faults.find(({ field }) => field === 'if')}
        completions={EXPRESSION_HELP}
        placeholder="always"
        readOnly={readOnly}
        onChange={(condition) => set({ if: condition })}
      />
      <fieldset className={styles.group}>
        <legend>Then advise</legend>
        <div className={styles.pair}>
          <TextInput
            label="Action"
            required
            value={definition.then.title}
            onChange={(event) => setThen({ title: event.currentTarget.value })}
            error={issueOf('definition.then.title', definition.then.title !== '')}
            readOnly={readOnly}
            maxLength={120}
          />
          <Select
            label="Kind"
            data={ACTION_KINDS.map((kind) => ({ value: kind, label: KIND_WORDS[kind] }))}
            value={definition.then.kind}
            onChange={(kind) => setThen({ kind: ACTION_KINDS.find((known) => known === kind) ?? 'service' })}
            readOnly={readOnly}
            allowDeselect={false}
          />
        </div>
        <div className={styles.pair}>
          <TextInput
            label="Reason the agent reads"
            description="Values in braces: {card.cart.value}"
            required
            value={definition.then.reason}
            onChange={(event) => setThen({ reason: event.currentTarget.value })}
            error={
              reasonFault
                ? `${reasonFault.message} (column ${reasonFault.start + 1})`
                : issueOf('definition.then.reason', definition.then.reason !== '')
            }
            readOnly={readOnly}
            maxLength={300}
          />
          <TextInput
            label="What is offered"
            description="Such as free delivery"
            value={definition.then.value ?? ''}
            onChange={(event) => setThen({ value: event.currentTarget.value || undefined })}
            readOnly={readOnly}
            maxLength={60}
          />
        </div>
        <Switch
          label="Put the customer into the agents’ queue"
          checked={definition.queue}
          onChange={(event) => set({ queue: event.currentTarget.checked })}
          disabled={readOnly}
        />
      </fieldset>
      <div className={styles.three}>
        <Select
          label="Purpose"
          description={PURPOSE_WORDS[definition.purpose].plain}
          data={PURPOSES.map((purpose) => ({ value: purpose, label: PURPOSE_WORDS[purpose].title }))}
          value={definition.purpose}
          onChange={(purpose) => set({ purpose: PURPOSES.find((known) => known === purpose) ?? 'service' })}
          readOnly={readOnly}
          allowDeselect={false}
        />
        <NumberInput
          label="Cool-down, seconds"
          description="Rest per customer after it fired"
          value={definition.coolDownSeconds}
          onChange={(value) => set({ coolDownSeconds: Number(value) || 0 })}
          readOnly={readOnly}
          min={0}
          max={2_592_000}
          allowDecimal={false}
        />
        <NumberInput
          label="Priority"
          description="1 to 100; the highest is shown"
          value={definition.priority}
          onChange={(value) => set({ priority: Number(value) || 1 })}
          readOnly={readOnly}
          min={1}
          max={100}
          allowDecimal={false}
        />
      </div>
      <RuleHoursFields
        hours={definition.hours}
        errorOf={(field) => issueOf(`definition.hours.${field}`, true)}
        readOnly={readOnly}
        onChange={(hours) => set({ hours })}
      />
    </div>
  );
}
