import { NativeSelect, Textarea } from '@mantine/core';
import {
  FEARED_EVENT_WORDS,
  FEARED_EVENTS,
  type FearedEvent,
  RISK_TEXT,
  type Risk,
} from '@/server/privacy/dpia.schema';
import styles from './dpia.module.css';

interface RiskDepthProps {
  risk: Risk;
  readOnly: boolean;
  onChange: (risk: Risk) => void;
}

const EVENTS = [
  { value: '', label: 'none of these' },
  ...FEARED_EVENTS.map((event) => ({ value: event, label: FEARED_EVENT_WORDS[event] })),
];

const TEXTS = [
  ['impacts', 'Further impacts on people, one a line'],
  ['threats', 'Threats, one a line'],
  ['sources', 'Sources of risk, one a line'],
  ['severityWhy', 'Why this severity'],
  ['likelihoodWhy', 'Why this likelihood'],
] as const;

/** What lies behind a risk, as the CNIL's method asks. None of it is needed for a signature. */
export function RiskDepth({ risk, readOnly, onChange }: RiskDepthProps) {
  const given = TEXTS.filter(([name]) => risk[name]).length + (risk.event ? 1 : 0);
  const set = (name: keyof Risk, value: string) => {
    const { [name]: _, ...rest } = risk;
    onChange((value === '' ? rest : { ...rest, [name]: value }) as Risk);
  };
  return (
    <details className={styles.depth}>
      <summary>
        Behind it: feared event, threats, sources <span className={styles.quiet}>{given} of 6</span>
      </summary>
      <div className={styles.fields}>
        <NativeSelect
          label="Feared event"
          description="In a file for the CNIL’s PIA software the gravest risk of each stands in its place"
          data={EVENTS}
          value={risk.event ?? ''}
          onChange={(event) => set('event', event.currentTarget.value as FearedEvent | '')}
          disabled={readOnly}
          size="xs"
        />
        {TEXTS.map(([name, label]) => (
          <Textarea
            key={name}
            label={label}
            value={risk[name] ?? ''}
            onChange={(event) => set(name, event.currentTarget.value)}
            readOnly={readOnly}
            autosize
            maxLength={RISK_TEXT}
          />
        ))}
      </div>
    </details>
  );
}
