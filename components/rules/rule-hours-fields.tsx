'use client';
import { Chip, Group, Switch, TextInput } from '@mantine/core';
import { usePerson } from '@/components/shell/person';
import type { RuleHours } from '@/server/decisions/rule.schema';
import styles from './rules.module.css';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

interface RuleHoursFieldsProps {
  hours: RuleHours | undefined;
  /** what is wrong with one of them */
  errorOf: (field: keyof RuleHours) => string | undefined;
  readOnly: boolean;
  onChange: (hours: RuleHours | undefined) => void;
}

/** The hours of the week in which the rule may fire; any hour when switched off. */
export function RuleHoursFields({ hours, errorOf, readOnly, onChange }: RuleHoursFieldsProps) {
  const { timeZone } = usePerson();
  const usual: RuleHours = { timeZone, days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' };
  return (
    <div className={styles.hours}>
      <Switch
        label="Only at certain hours"
        checked={hours !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? usual : undefined)}
        disabled={readOnly}
      />
      {hours && (
        <Group align="flex-end" gap="sm">
          {errorOf('days') && (
            <p className={styles.warning} role="alert">
              Days: {errorOf('days')}
            </p>
          )}
          <Chip.Group
            multiple
            value={hours.days.map(String)}
            onChange={(days) => onChange({ ...hours, days: days.map(Number).sort() })}
          >
            <Group gap={4}>
              {DAYS.map((day, index) => (
                <Chip key={day} value={String(index + 1)} size="xs" disabled={readOnly}>
                  {day}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          <TextInput
            label="From"
            type="time"
            value={hours.from}
            error={errorOf('from')}
            onChange={(event) => onChange({ ...hours, from: event.currentTarget.value })}
            readOnly={readOnly}
          />
          <TextInput
            label="To"
            type="time"
            value={hours.to}
            error={errorOf('to')}
            onChange={(event) => onChange({ ...hours, to: event.currentTarget.value })}
            readOnly={readOnly}
          />
          <TextInput
            label="Time zone"
            value={hours.timeZone}
            error={errorOf('timeZone')}
            onChange={(event) => onChange({ ...hours, timeZone: event.currentTarget.value })}
            readOnly={readOnly}
          />
        </Group>
      )}
    </div>
  );
}
