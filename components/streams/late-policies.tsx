'use client';
import { formatDuration, formatTime } from '@/components/ui/format';
import { OPERATORS } from '@/server/processors/topology.schema';
import type { StreamsSnapshot } from '@/server/scaling/streams.schema';
import styles from './late-page.module.css';

const POLICY_WORDS = {
  sideOutput: 'side output: listed',
  corrects: 'correct: counts all the same',
} as const;

interface PoliciesProps {
  watermark: StreamsSnapshot['watermark'] | undefined;
  allowedMs: number | undefined;
}

/** Every pipeline with its allowance, its policy and how far its watermark is. */
export function LatePolicies({ watermark, allowedMs }: PoliciesProps) {
  const pipelines = OPERATORS.filter(({ late }) => late !== undefined);
  const allowed = allowedMs === undefined ? '–' : formatDuration(allowedMs);
  return (
    <table className={styles.policies}>
      <thead>
        <tr>
          <th scope="col">Pipeline</th>
          <th scope="col">Allowed</th>
          <th scope="col">Beyond it</th>
          <th scope="col">Watermark</th>
        </tr>
      </thead>
      <tbody>
        {pipelines.map(({ key, name, late = 'sideOutput' }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>{late === 'corrects' ? 'any' : allowed}</td>
            <td>{POLICY_WORDS[late]}</td>
            <td>{watermarkWords(watermark)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One group reads a partition once for all its pipelines: they share the watermark. */
function watermarkWords(watermark: PoliciesProps['watermark']): string {
  if (!watermark) return '–';
  return watermark.at === null ? 'idle' : formatTime(watermark.at);
}
