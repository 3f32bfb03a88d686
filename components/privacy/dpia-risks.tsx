'use client';
import { ActionIcon, Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { Icon } from '@/components/ui/icon';
import { Pane } from '@/components/ui/pane';
import { StatusBadge, type Tone } from '@/components/ui/status-badge';
import { LEVEL_WORDS, type Risk, riskLevel, SHORT_TEXT } from '@/server/privacy/dpia.schema';
import styles from './dpia.module.css';
import { RiskDepth } from './dpia-risk-depth';
import { RiskMatrix } from './risk-matrix';

interface DpiaRisksProps {
  risks: readonly Risk[];
  readOnly: boolean;
  onChange: (risks: Risk[]) => void;
}

const LEVELS = [1, 2, 3, 4].map((level) => ({
  value: String(level),
  label: `${level} ${LEVEL_WORDS[level]}`,
}));
export const RISK_TONES: Record<ReturnType<typeof riskLevel>, Tone> = {
  low: 'good',
  medium: 'warn',
  high: 'bad',
};

/** Risks for the people concerned, before and after the measures against them. */
export function DpiaRisks({ risks, readOnly, onChange }: DpiaRisksProps) {
  const add = () => {
    const id = `r${Math.max(0, ...risks.map((risk) => Number(risk.id.slice(1)) || 0)) + 1}`;
    const levels = { severity: 2, likelihood: 2, residualSeverity: 1, residualLikelihood: 1 };
    onChange([...risks, { id, title: '', measures: '', ...levels }]);
  };
  return (
    <Pane
      title="Risks and measures"
      note={`${risks.length}`}
      actions={
        !readOnly && (
          <Button variant="default" leftSection={<Icon name="plus" size={14} />} onClick={add}>
            Add a risk
          </Button>
        )
      }
    >
      <RiskMatrix risks={risks} />
      {risks.map((risk, index) => (
        <RiskFields
          key={risk.id}
          number={index + 1}
          risk={risk}
          readOnly={readOnly}
          onChange={(changed) => onChange(risks.map((one) => (one.id === risk.id ? changed : one)))}
          onRemove={() => onChange(risks.filter((one) => one.id !== risk.id))}
        />
      ))}
    </Pane>
  );
}

interface RiskFieldsProps {
  number: number;
  risk: Risk;
  readOnly: boolean;
  onChange: (risk: Risk) => void;
  onRemove: () => void;
}

type LevelName = 'severity' | 'likelihood' | 'residualSeverity' | 'residualLikelihood';

function RiskFields({ number, risk, readOnly, onChange, onRemove }: RiskFieldsProps) {
  const select = (name: LevelName, label: string) => (
    <NativeSelect
      label={label}
      data={LEVELS}
      value={String(risk[name])}
      onChange={(event) => onChange({ ...risk, [name]: Number(event.currentTarget.value) })}
      disabled={readOnly}
      size="xs"
    />
  );
  const before = riskLevel(risk.severity, risk.likelihood);
  const after = riskLevel(risk.residualSeverity, risk.residualLikelihood);
  return (
    <fieldset className={styles.risk}>
      <legend className={styles.legend}>
        Risk {number} <StatusBadge tone={RISK_TONES[before]}>{before}</StatusBadge> after measures{' '}
        <StatusBadge tone={RISK_TONES[after]}>{after}</StatusBadge>
      </legend>
      <div className={styles.riskTitle}>
        <TextInput
          label="What could happen to people"
          value={risk.title}
          onChange={(event) => onChange({ ...risk, title: event.currentTarget.value })}
          error={risk.title.trim().length < 3 ? 'At least 3 characters' : undefined}
          readOnly={readOnly}
          maxLength={200}
          style={{ flex: 1 }}
        />
        {!readOnly && (
          <ActionIcon aria-label={`Remove risk ${number}`} onClick={onRemove}>
            <Icon name="trash" />
          </ActionIcon>
        )}
      </div>
      <div className={styles.levels}>
        {select('severity', 'Severity')}
        {select('likelihood', 'Likelihood')}
        {select('residualSeverity', 'Severity after')}
        {select('residualLikelihood', 'Likelihood after')}
      </div>
      <Textarea
        label="Measures"
        value={risk.measures}
        onChange={(event) => onChange({ ...risk, measures: event.currentTarget.value })}
        readOnly={readOnly}
        autosize
        maxLength={SHORT_TEXT}
      />
      <RiskDepth risk={risk} readOnly={readOnly} onChange={onChange} />
    </fieldset>
  );
}
