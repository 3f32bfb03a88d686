'use client';
import { Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay, usePerson } from '@/components/shell/person';
import { Choice } from '@/components/ui/choice';
import { useConfirm } from '@/components/ui/confirm';
import { Drawer } from '@/components/ui/drawer';
import { EditorFoot } from '@/components/ui/editor-foot';
import { TimeAgo } from '@/components/ui/time-ago';
import type { TimeRange } from '@/components/ui/time-range';
import { toast, wordsOf } from '@/components/ui/toast';
import type { BusinessCalendarView } from '@/server/history/windows/business-calendar.schema';
import {
  FACT_MEASURE_NAMES,
  type WindowDefinition,
  type WindowForm,
  type WindowView,
  windowForm,
} from '@/server/history/windows/window-definition.schema';
import { AlignmentFields, LatenessFields, ShapeFields } from './window-fields';
import { WindowPreview } from './window-preview';
import styles from './windows.module.css';
import { MEASURE_WORDS } from './windows-words';

const MINUTE_MS = 60_000;
const NEW: WindowForm = {
  name: '',
  definition: {
    measure: 'abandonmentRate',
    groupBy: 'none',
    shape: { kind: 'tumbling', sizeMs: 15 * MINUTE_MS },
    alignment: { kind: 'epoch', offsetMs: 0 },
    watermarkDelayMs: 0,
    latenessMs: 10 * MINUTE_MS,
    latePolicy: { kind: 'sideOutput', keepMs: 24 * 60 * MINUTE_MS },
  },
};

interface WindowEditorProps {
  /** null: new ones */
  window: WindowView | null;
  calendars: readonly BusinessCalendarView[];
  range: TimeRange;
  /** with the id of what was made */
  onClose: (id?: string) => void;
}

/** Makes or changes a windowed aggregate; what its windows would be is shown before it is saved. */
export function WindowEditor({ window, calendars, range, onClose }: WindowEditorProps) {
  const { timeZone } = usePerson();
  const canWrite = useMay()('pipeline.write');
  const [form, setForm] = useState<WindowForm>(
    window ? { name: window.name, definition: window.definition } : NEW,
  );
  const [tried, setTried] = useState(false);
  const actions = useWindowActions(window, onClose);
  const parsed = windowForm.safeParse(form);
  const issues = parsed.error?.issues ?? [];
  const nameError = tried ? issues.find(({ path }) => path[0] === 'name')?.message : undefined;
  const errorOf = (field: keyof WindowDefinition) => issues.find(({ path }) => path[1] === field)?.message;
  const change = (part: Partial<WindowDefinition>) =>
    setForm((old) => ({ ...old, definition: { ...old.definition, ...part } }));
  const fields = { definition: form.definition, change, errorOf, readOnly: !canWrite };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (parsed.success) actions.save(parsed.data);
  };
  return (
    <Drawer opened onClose={() => onClose()} title={window ? window.name : 'New windows'} size={520}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          data-autofocus
          value={form.name}
          error={nameError}
          readOnly={!canWrite}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <div className={styles.pair}>
          <Select
            label="Measure"
            data={FACT_MEASURE_NAMES.map((name) => ({ value: name, label: MEASURE_WORDS[name] }))}
            value={form.definition.measure}
            allowDeselect={false}
            readOnly={!canWrite}
            onChange={(name) => {
              const measure = FACT_MEASURE_NAMES.find((each) => each === name);
              if (measure) change({ measure });
            }}
          />
          <Choice
            label="Told for"
            value={form.definition.groupBy}
            options={[
              { value: 'none', label: 'All' },
              { value: 'platform', label: 'Each platform' },
            ]}
            onChange={(groupBy) => change({ groupBy })}
          />
        </div>
        <ShapeFields {...fields} />
        <AlignmentFields {...fields} calendars={calendars} zone={timeZone} />
        <LatenessFields {...fields} />
        <WindowPreview
          definition={
            parsed.success || issues.every(({ path }) => path[0] === 'name') ? form.definition : null
          }
          range={range}
        />
        {window && (
          <p className={styles.quiet}>
            Version {window.version}, by {window.updatedBy}, <TimeAgo at={window.updatedAt} />
          </p>
        )}
        <EditorFoot
          error={actions.error}
          saving={actions.saving}
          canWrite={canWrite}
          verb={window ? 'Save' : 'Create'}
          onLeave={() => onClose()}
          onRemove={window ? actions.askRemove : undefined}
        />
      </form>
      {actions.dialog}
    </Drawer>
  );
}

function useWindowActions(window: WindowView | null, onClose: (id?: string) => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { confirm, dialog } = useConfirm();
  const done = async (id: string | undefined, words: string) => {
    await queries.invalidateQueries({ queryKey: trpc.windows.list.queryKey() });
    onClose(id);
    await toast(words, 'good');
  };
  const create = useMutation(
    trpc.windows.create.mutationOptions({
      onSuccess: ({ id }) => done(id, 'The windows are told from now on.'),
      onError: () => undefined,
    }),
  );
  const change = useMutation(
    trpc.windows.change.mutationOptions({
      onSuccess: () => done(window?.id, 'The windows are changed.'),
      onError: () => undefined,
    }),
  );
  const remove = useMutation(
    trpc.windows.remove.mutationOptions({ onSuccess: () => done(undefined, 'The definition is removed.') }),
  );
  const failed = create.error ?? change.error;
  return {
    dialog,
    error: failed && wordsOf(failed),
    saving: create.isPending || change.isPending,
    save: (form: WindowForm) =>
      window ? change.mutate({ id: window.id, version: window.version, form }) : create.mutate(form),
    askRemove: () =>
      window &&
      confirm({
        title: `Remove “${window.name}”?`,
        loses: 'The definition is lost. The facts that its windows are made from stay.',
        verb: 'Remove it',
        destructive: true,
        act: () => remove.mutateAsync({ id: window.id }),
      }),
  };
}
