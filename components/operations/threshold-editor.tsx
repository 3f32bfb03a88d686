'use client';
import { NumberInput, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useConfirm } from '@/components/ui/confirm';
import { EditorFoot } from '@/components/ui/editor-foot';
import { TimeAgo } from '@/components/ui/time-ago';
import type { TimeRange } from '@/components/ui/time-range';
import { toast } from '@/components/ui/toast';
import {
  COMPARISONS,
  type ThresholdForm,
  type ThresholdView,
  thresholdForm,
} from '@/server/alerts/threshold.schema';
import { METRICS, metricByKey } from '@/server/observability/metric-catalogue';
import styles from './threshold-editor.module.css';
import { ThresholdPreview } from './threshold-preview';
import { useSourceNames } from './use-source-names';

interface ThresholdEditorProps {
  /** null: a new one */
  threshold: ThresholdView | null;
  range: TimeRange;
  onDone: () => void;
}

/** A form as it is typed: a number that was emptied is not a number yet. */
type Draft = Omit<ThresholdForm, 'value' | 'holdSeconds'> & {
  value: number | string;
  holdSeconds: number | string;
};

const EMPTY: Draft = {
  name: '',
  metric: 'lagSeconds',
  dimension: '',
  comparison: 'above',
  value: 5,
  holdSeconds: 10,
  severity: 'warning',
  enabled: true,
};

const PLATFORMS = ['web', 'ios', 'android', 'server', 'store', 'device'];
/** Metrics that are also known by platform, and by region. */
const BY_PLATFORM = new Set(['eventsPerSecond', 'cartsAbandoned', 'cartsConverted']);
const BY_REGION = new Set(['eventsPerSecond', 'lagSeconds', 'errorsPerMinute']);

function draftOf({
  name,
  metric,
  dimension,
  comparison,
  value,
  holdSeconds,
  severity,
  enabled,
}: ThresholdView): Draft {
  return { name, metric, dimension, comparison, value, holdSeconds, severity, enabled };
}

export function ThresholdEditor({ threshold, range, onDone }: ThresholdEditorProps) {
  const [draft, setDraft] = useState<Draft>(threshold ? draftOf(threshold) : EMPTY);
  const [tried, setTried] = useState(false);
  const mayDo = useMay();
  const actions = useThresholdActions(threshold, onDone);
  const parsed = thresholdForm.safeParse(draft);
  const errors = new Map(parsed.error?.issues.map((issue) => [issue.path[0], issue.message]));
  const errorOf = (field: keyof Draft) => (tried || field !== 'name' ? errors.get(field) : undefined);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const condition = thresholdForm.pick({
    metric: true,
    dimension: true,
    comparison: true,
    value: true,
    holdSeconds: true,
  });
  const readable = condition.safeParse(pickCondition(draft));
  const save = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    setTried(true);
    if (parsed.success) actions.save(parsed.data);
  };
  return (
    <form onSubmit={save} className={styles.form} noValidate>
      <TextInput
        label="Name"
        data-autofocus
        value={draft.name}
        error={errorOf('name')}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <ConditionFields draft={draft} change={change} errorOf={errorOf} />
      <ThresholdPreview condition={readable.success ? readable.data : null} saved={threshold} range={range} />
      {threshold && (
        <p className={styles.note}>
          Version {threshold.version}, by {threshold.updatedBy}, <TimeAgo at={threshold.updatedAt} />
        </p>
      )}
      <EditorFoot
        saving={actions.saving}
        canWrite={mayDo('threshold.write')}
        verb={threshold ? 'Save' : 'Create'}
        onLeave={onDone}
        onRemove={threshold ? actions.askRemove : undefined}
      />
      {actions.dialog}
    </form>
  );
}

function pickCondition({ metric, dimension, comparison, value, holdSeconds }: Draft) {
  return { metric, dimension, comparison, value, holdSeconds };
}

interface ConditionFieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errorOf: (field: keyof Draft) => string | undefined;
}

function ConditionFields({ draft, change, errorOf }: ConditionFieldsProps) {
  const definition = metricByKey(draft.metric);
  return (
    <>
      <div className={styles.pair}>
        <Select
          label="Metric"
          searchable
          allowDeselect={false}
          data={METRICS.map(({ key, title }) => ({ value: key, label: title }))}
          value={draft.metric}
          onChange={(key) => {
            const metric = key && metricByKey(key);
            if (metric) change({ metric: metric.key, dimension: '' });
          }}
          description={definition?.about}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <DimensionField draft={draft} change={change} />
      </div>
      <div className={styles.pair}>
        <div>
          <span className={styles.label} id="threshold-fires">
            Fires when it is
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="threshold-fires"
            value={draft.comparison}
            onChange={(value) => {
              const comparison = COMPARISONS.find((each) => each === value);
              if (comparison) change({ comparison });
            }}
            data={COMPARISONS.map((value) => ({ value, label: value }))}
          />
        </div>
        <NumberInput
          label={`Value, ${definition?.unit ?? ''}`}
          value={draft.value}
          error={errorOf('value')}
          onChange={(value) => change({ value })}
          min={0}
        />
        <NumberInput
          label="For at least, s"
          value={draft.holdSeconds}
          error={errorOf('holdSeconds')}
          onChange={(holdSeconds) => change({ holdSeconds })}
          min={0}
        />
      </div>
      <div className={styles.pair}>
        <div>
          <span className={styles.label} id="threshold-severity">
            Severity
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="threshold-severity"
            value={draft.severity}
            onChange={(value) => change({ severity: value === 'critical' ? 'critical' : 'warning' })}
            data={[
              { value: 'warning', label: 'Warning' },
              { value: 'critical', label: 'Critical' },
            ]}
          />
        </div>
        <Switch
          className={styles.switch}
          label={draft.enabled ? 'On: judged every second' : 'Off: kept, not judged'}
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

/** What a metric is known of besides the whole. */
function useDimensions(metric: string): { value: string; label: string }[] {
  const trpc = useTRPC();
  const sources = useSourceNames();
  const { data: regions = [] } = useQuery(trpc.operations.regions.queryOptions());
  const found: { value: string; label: string }[] = [];
  if (BY_REGION.has(metric) && regions.length > 1)
    for (const region of regions) found.push({ value: `region=${region}`, label: `Region ${region}` });
  if (BY_PLATFORM.has(metric))
    for (const name of PLATFORMS) found.push({ value: `platform=${name}`, label: `Platform ${name}` });
  if (metric === 'eventsPerSecond')
    for (const [id, name] of sources) found.push({ value: `source=${id}`, label: `Source ${name}` });
  return found;
}

function DimensionField({ draft, change }: Pick<ConditionFieldsProps, 'draft' | 'change'>) {
  const data = useDimensions(draft.metric);
  if (data.length === 0) return null;
  return (
    <Select
      label="Of"
      allowDeselect={false}
      data={[{ value: '', label: 'Everything' }, ...data]}
      value={draft.dimension}
      onChange={(dimension) => change({ dimension: dimension ?? '' })}
    />
  );
}

function useThresholdActions(threshold: ThresholdView | null, onDone: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { confirm, dialog } = useConfirm();
  const refresh = () => queries.invalidateQueries({ queryKey: trpc.alerts.thresholds.queryKey() });
  const done = (words: string) => async () => {
    await refresh();
    onDone();
    await toast(words, 'good');
  };
  const create = useMutation(
    trpc.alerts.create.mutationOptions({ onSuccess: done('The threshold is judged from now on.') }),
  );
  const change = useMutation(
    trpc.alerts.change.mutationOptions({ onSuccess: done('The threshold is changed.') }),
  );
  const remove = useMutation(
    trpc.alerts.remove.mutationOptions({ onSuccess: done('The threshold is removed.') }),
  );
  return {
    dialog,
    saving: create.isPending || change.isPending,
    save: (form: ThresholdForm) =>
      threshold ? change.mutate({ id: threshold.id, version: threshold.version, form }) : create.mutate(form),
    askRemove: () =>
      threshold &&
      confirm({
        title: `Remove “${threshold.name}”?`,
        loses:
          'The threshold and the record of all its firings are lost. To keep the record, switch it off instead.',
        verb: 'Remove it',
        destructive: true,
        act: () => remove.mutateAsync({ id: threshold.id }),
      }),
  };
}
