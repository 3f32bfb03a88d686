'use client';
import { NumberInput, Select, TextInput } from '@mantine/core';
import { Choice } from '@/components/ui/choice';
import type { BusinessCalendarView } from '@/server/history/windows/business-calendar.schema';
import type { WindowDefinition } from '@/server/history/windows/window-definition.schema';
import styles from './windows.module.css';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface FieldsProps {
  definition: WindowDefinition;
  change: (part: Partial<WindowDefinition>) => void;
  errorOf: (field: keyof WindowDefinition) => string | undefined;
  readOnly: boolean;
}

interface MinutesProps {
  label: string;
  ms: number;
  onChange: (ms: number) => void;
  error?: string;
  readOnly: boolean;
}

/** A span typed in minutes. */
export function Minutes({ label, ms, onChange, error, readOnly }: MinutesProps) {
  return (
    <NumberInput
      label={`${label}, minutes`}
      value={ms / MINUTE_MS}
      onChange={(value) => onChange(Math.round(Number(value) * MINUTE_MS))}
      error={error}
      min={0}
      readOnly={readOnly}
    />
  );
}

const SHAPES: Record<WindowDefinition['shape']['kind'], WindowDefinition['shape']> = {
  tumbling: { kind: 'tumbling', sizeMs: 15 * MINUTE_MS },
  hopping: { kind: 'hopping', sizeMs: HOUR_MS, slideMs: 15 * MINUTE_MS },
  session: { kind: 'session', gapMs: 5 * MINUTE_MS },
};

/** The form of the windows: kind and sizes. */
export function ShapeFields({ definition, change, errorOf, readOnly }: FieldsProps) {
  const { shape } = definition;
  const error = errorOf('shape');
  return (
    <fieldset className={styles.group} disabled={readOnly}>
      <legend>Windows</legend>
      <Choice
        label="Kind of window"
        value={shape.kind}
        options={[
          { value: 'tumbling', label: 'Tumbling' },
          { value: 'hopping', label: 'Hopping' },
          { value: 'session', label: 'Session' },
        ]}
        onChange={(kind) => change({ shape: SHAPES[kind] })}
      />
      <div className={styles.pair}>
        {shape.kind === 'session' ? (
          <Minutes
            label="Gap"
            ms={shape.gapMs}
            error={error}
            readOnly={readOnly}
            onChange={(gapMs) => change({ shape: { ...shape, gapMs } })}
          />
        ) : (
          <Minutes
            label="Size"
            ms={shape.sizeMs}
            error={error}
            readOnly={readOnly}
            onChange={(sizeMs) => change({ shape: { ...shape, sizeMs } })}
          />
        )}
        {shape.kind === 'hopping' && (
          <Minutes
            label="Slide"
            ms={shape.slideMs}
            readOnly={readOnly}
            onChange={(slideMs) => change({ shape: { ...shape, slideMs } })}
          />
        )}
      </div>
    </fieldset>
  );
}

interface AlignmentFieldsProps extends FieldsProps {
  calendars: readonly BusinessCalendarView[];
  zone: string;
}

/** Where windows begin: since the epoch, at local midnight, or with the opening hours of a calendar. */
export function AlignmentFields({
  definition,
  change,
  errorOf,
  readOnly,
  calendars,
  zone,
}: AlignmentFieldsProps) {
  const { alignment } = definition;
  const starts = {
    epoch: { kind: 'epoch', offsetMs: 0 },
    day: { kind: 'day', zone },
    businessHours: { kind: 'businessHours', calendarId: calendars[0]?.id ?? '' },
  } as const;
  return (
    <fieldset className={styles.group} disabled={readOnly}>
      <legend>Begin with</legend>
      <Choice
        label="Where windows begin"
        value={alignment.kind}
        options={[
          { value: 'epoch', label: 'UTC' },
          { value: 'day', label: 'Local days' },
          { value: 'businessHours', label: 'Business hours' },
        ]}
        onChange={(kind) => change({ alignment: starts[kind] })}
      />
      {alignment.kind === 'day' && (
        <TextInput
          label="Time zone"
          value={alignment.zone}
          error={errorOf('alignment')}
          onChange={(event) => change({ alignment: { kind: 'day', zone: event.currentTarget.value } })}
        />
      )}
      {alignment.kind === 'businessHours' && (
        <Select
          label="Calendar"
          data={calendars.map(({ id, name, zone: of }) => ({ value: id, label: `${name} (${of})` }))}
          value={alignment.calendarId || null}
          allowDeselect={false}
          error={errorOf('alignment')}
          placeholder={calendars.length === 0 ? 'Make a calendar first' : undefined}
          onChange={(calendarId) =>
            calendarId && change({ alignment: { kind: 'businessHours', calendarId } })
          }
        />
      )}
    </fieldset>
  );
}

/** How long is waited, and what becomes of what comes later still. */
export function LatenessFields({ definition, change, errorOf, readOnly }: FieldsProps) {
  const { latePolicy } = definition;
  const keepMs = latePolicy.kind === 'discard' ? DAY_MS : latePolicy.keepMs;
  return (
    <fieldset className={styles.group} disabled={readOnly}>
      <legend>Late facts</legend>
      <div className={styles.pair}>
        <Minutes
          label="Watermark delay"
          ms={definition.watermarkDelayMs}
          error={errorOf('watermarkDelayMs')}
          readOnly={readOnly}
          onChange={(watermarkDelayMs) => change({ watermarkDelayMs })}
        />
        <Minutes
          label="Allowed lateness"
          ms={definition.latenessMs}
          error={errorOf('latenessMs')}
          readOnly={readOnly}
          onChange={(latenessMs) => change({ latenessMs })}
        />
      </div>
      <Choice
        label="What is later still"
        value={latePolicy.kind}
        options={[
          { value: 'discard', label: 'Discard' },
          { value: 'sideOutput', label: 'Side output' },
          { value: 'correct', label: 'Correct' },
        ]}
        onChange={(kind) => change({ latePolicy: kind === 'discard' ? { kind } : { kind, keepMs } })}
      />
      {latePolicy.kind !== 'discard' && (
        <Minutes
          label="Values kept for"
          ms={keepMs}
          error={errorOf('latePolicy')}
          readOnly={readOnly}
          onChange={(ms) => change({ latePolicy: { ...latePolicy, keepMs: ms } })}
        />
      )}
    </fieldset>
  );
}
