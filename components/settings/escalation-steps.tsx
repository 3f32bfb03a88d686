'use client';
import { ActionIcon, Button, NativeSelect, NumberInput } from '@mantine/core';
import { CHANNEL_WORDS, TARGET_WORDS } from '@/components/escalations/escalation-words';
import { formatDuration } from '@/components/ui/format';
import { Icon } from '@/components/ui/icon';
import type { ContactChannel } from '@/server/use-cases/context-standing.schema';
import {
  ESCALATION_TARGETS,
  type EscalationTarget,
  MOST_STEPS,
  PERCENT_BOUNDS,
} from '@/server/use-cases/escalation-step.schema';
import styles from './settings.module.css';

/** A step as it stands in the form; `key` holds its place while others come and go. */
export interface StepDraft {
  key: number;
  percent: number | string;
  to: EscalationTarget;
}

const TARGETS = ESCALATION_TARGETS.map((value) => ({ value, label: TARGET_WORDS[value] }));
/** What a new step adds to the one before it, per cent. */
const FURTHER = 50;

interface EscalationStepsProps {
  channel: ContactChannel;
  /** how long a customer may wait, seconds; undefined: not read yet */
  allowedSeconds: number | undefined;
  steps: readonly StepDraft[];
  /** of the percentages, by index */
  problems: Readonly<Record<string, string>>;
  onChange: (steps: readonly StepDraft[]) => void;
}

/** The steps of one channel, each with when that is. */
export function EscalationSteps({
  channel,
  allowedSeconds,
  steps,
  problems,
  onChange,
}: EscalationStepsProps) {
  const name = CHANNEL_WORDS[channel];
  const set = (key: number, change: Partial<StepDraft>) =>
    onChange(steps.map((step) => (step.key === key ? { ...step, ...change } : step)));
  const add = () => {
    const last = steps.at(-1);
    const percent = Math.min(PERCENT_BOUNDS.most, Number(last?.percent ?? FURTHER) + FURTHER);
    onChange([
      ...steps,
      { key: Math.max(-1, ...steps.map(({ key }) => key)) + 1, percent, to: 'supervisors' },
    ]);
  };
  return (
    <fieldset className={styles.steps}>
      <legend>{name} waits</legend>
      {steps.length === 0 && <span className={styles.quiet}>Nobody is told: there is no step.</span>}
      {steps.map((step, index) => (
        <div key={step.key} className={styles.step}>
          <NumberInput
            aria-label={`${name}, step ${index + 1}: per cent of the time allowed`}
            value={step.percent}
            error={problems[index]}
            suffix=" %"
            min={PERCENT_BOUNDS.least}
            max={PERCENT_BOUNDS.most}
            allowDecimal={false}
            w={110}
            onChange={(percent) => set(step.key, { percent })}
          />
          <span className={styles.after}>{afterWords(step.percent, allowedSeconds)}</span>
          <NativeSelect
            size="xs"
            aria-label={`${name}, step ${index + 1}: raised to`}
            value={step.to}
            data={TARGETS}
            onChange={(event) => set(step.key, { to: event.currentTarget.value as EscalationTarget })}
          />
          <ActionIcon
            aria-label={`${name}: remove step ${index + 1}`}
            onClick={() => onChange(steps.filter(({ key }) => key !== step.key))}
          >
            <Icon name="trash" size={14} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          disabled={steps.length >= MOST_STEPS}
          onClick={add}
        >
          Add a step for {name.toLowerCase()}s
        </Button>
      </div>
    </fieldset>
  );
}

function afterWords(percent: number | string, allowedSeconds: number | undefined): string {
  if (allowedSeconds === undefined || typeof percent !== 'number') return 'after –';
  return `after ${formatDuration(allowedSeconds * 10 * percent)}`;
}
