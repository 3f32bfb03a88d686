'use client';
import { ActionIcon, Button, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay, usePerson } from '@/components/shell/person';
import { useConfirm } from '@/components/ui/confirm';
import { EditorFoot } from '@/components/ui/editor-foot';
import { Icon } from '@/components/ui/icon';
import { toast, wordsOf } from '@/components/ui/toast';
import {
  type BusinessCalendarForm,
  type BusinessCalendarView,
  businessCalendarForm,
} from '@/server/history/windows/business-calendar.schema';
import styles from './windows.module.css';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
type Opening = BusinessCalendarForm['hours'][number];

const USUAL: Opening[] = [1, 2, 3, 4, 5].map((day) => ({ day, opens: '09:00', closes: '18:00' }));

interface CalendarFormProps {
  /** null: a new one */
  calendar: BusinessCalendarView | null;
  onDone: () => void;
}

/** Opening hours of the week and holidays of one calendar. */
export function CalendarForm({ calendar, onDone }: CalendarFormProps) {
  const { timeZone } = usePerson();
  const canWrite = useMay()('pipeline.write');
  const [name, setName] = useState(calendar?.name ?? '');
  const [zone, setZone] = useState(calendar?.zone ?? timeZone);
  const [hours, setHours] = useState<Opening[]>(calendar ? [...calendar.hours] : USUAL);
  const [holidays, setHolidays] = useState(calendar?.holidays.join('\n') ?? '');
  const [tried, setTried] = useState(false);
  const actions = useCalendarActions(calendar, onDone);
  const dates = holidays.split(/[\s,]+/).filter((date) => date !== '');
  const parsed = businessCalendarForm.safeParse({ name, zone, hours, holidays: dates });
  const errorOf = (field: keyof BusinessCalendarForm) =>
    tried ? parsed.error?.issues.find(({ path }) => path[0] === field)?.message : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (parsed.success) actions.save(parsed.data);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        label="Name"
        data-autofocus
        value={name}
        error={errorOf('name')}
        readOnly={!canWrite}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Time zone"
        description="Such as Europe/Berlin; clock changes are followed."
        value={zone}
        error={errorOf('zone')}
        readOnly={!canWrite}
        onChange={(event) => setZone(event.currentTarget.value)}
      />
      <Openings hours={hours} onChange={setHours} error={errorOf('hours')} readOnly={!canWrite} />
      <Textarea
        label="Holidays"
        description="One date a line, such as 2026-12-25. Nothing opens on them."
        autosize
        minRows={3}
        maxRows={10}
        value={holidays}
        error={errorOf('holidays')}
        readOnly={!canWrite}
        onChange={(event) => setHolidays(event.currentTarget.value)}
      />
      <EditorFoot
        error={actions.error}
        saving={actions.saving}
        canWrite={canWrite}
        verb={calendar ? 'Save' : 'Create calendar'}
        leave="All calendars"
        onLeave={onDone}
        onRemove={calendar ? actions.askRemove : undefined}
      />
      {actions.dialog}
    </form>
  );
}

interface OpeningsProps {
  hours: readonly Opening[];
  onChange: (hours: Opening[]) => void;
  error: string | undefined;
  readOnly: boolean;
}

function Openings({ hours, onChange, error, readOnly }: OpeningsProps) {
  const set = (index: number, part: Partial<Opening>) =>
    onChange(hours.map((opening, at) => (at === index ? { ...opening, ...part } : opening)));
  const next = Math.min(7, Math.max(0, ...hours.map(({ day }) => day)) + 1);
  return (
    <fieldset className={styles.group} disabled={readOnly}>
      <legend>Openings</legend>
      {hours.map((opening, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: openings have no identity but their place
        <div key={index} className={styles.opening}>
          <Select
            label="Day"
            data={DAYS.map((day, at) => ({ value: String(at + 1), label: day }))}
            value={String(opening.day)}
            allowDeselect={false}
            onChange={(day) => day && set(index, { day: Number(day) })}
          />
          <TextInput
            label="Opens"
            type="time"
            value={opening.opens}
            onChange={(event) => set(index, { opens: event.currentTarget.value })}
          />
          <TextInput
            label="Closes"
            type="time"
            value={opening.closes}
            onChange={(event) => set(index, { closes: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            aria-label={`Remove opening ${index + 1}`}
            onClick={() => onChange(hours.filter((_, at) => at !== index))}
          >
            <Icon name="trash" size={14} />
          </ActionIcon>
        </div>
      ))}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onChange([...hours, { day: next, opens: '09:00', closes: '18:00' }])}
        >
          Add an opening
        </Button>
      </div>
    </fieldset>
  );
}

function useCalendarActions(calendar: BusinessCalendarView | null, onDone: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { confirm, dialog } = useConfirm();
  const done = (words: string) => ({
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.windows.pathKey() });
      onDone();
      await toast(words, 'good');
    },
    onError: () => undefined,
  });
  const create = useMutation(trpc.windows.createCalendar.mutationOptions(done('The calendar is made.')));
  const change = useMutation(trpc.windows.changeCalendar.mutationOptions(done('The calendar is changed.')));
  const remove = useMutation(trpc.windows.removeCalendar.mutationOptions(done('The calendar is removed.')));
  const failed = create.error ?? change.error;
  return {
    dialog,
    error: failed && wordsOf(failed),
    saving: create.isPending || change.isPending,
    save: (form: BusinessCalendarForm) =>
      calendar ? change.mutate({ id: calendar.id, version: calendar.version, form }) : create.mutate(form),
    askRemove: () =>
      calendar &&
      confirm({
        title: `Remove “${calendar.name}”?`,
        loses: 'Its opening hours and holidays are lost. It stays while windows follow it.',
        verb: 'Remove it',
        destructive: true,
        act: () => remove.mutateAsync({ id: calendar.id }),
      }),
  };
}
