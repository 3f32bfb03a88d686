'use client';
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './figure.module.css';
import { formatAge, formatDateTime, formatNumber } from './format';
import { PageLink } from './page-link';
import { useNow } from './shared-clock';
import { type SparkBand, Sparkline, type SparkPoint } from './sparkline';
import { type Tone, ToneShape } from './status-badge';

/** A live value greys when nothing newer has come for this long. */
export const STALE_AFTER_MS = 3_000;

export interface FigureProps {
  label: string;
  /** undefined: not loaded yet; null: unknown, shown as a dash with `reason` */
  value: number | string | null | undefined;
  unit?: string;
  /** the window it covers, such as "last 10 s" */
  window?: string;
  /** ms: event time of the newest data in it; null when there is none */
  at?: number | null;
  /** false for figures that are not expected to move, which then never grey */
  live?: boolean;
  /** why it is unknown or old */
  reason?: string | null;
  trend?: readonly SparkPoint[];
  band?: SparkBand | null;
  /** the value that the trend's axis reaches at least */
  trendReach?: number;
  tone?: Tone;
  /** a word beside the tone's shape: colour is never alone */
  toneWord?: string;
  /** what it is compared with, such as "usual 4–9" */
  against?: ReactNode;
  /** where what it is made from can be seen */
  href?: string;
  onOpen?: () => void;
  format?: (value: number) => string;
  size?: 'md' | 'lg';
}

/** Whether a live value of this time is too old to be taken for now. */
export function useStale(at: number | null | undefined, live: boolean = true): boolean {
  const now = useNow(500);
  return live && now > 0 && typeof at === 'number' && now - at > STALE_AFTER_MS;
}

/** One number with its unit, window and age. Opens what it was made from. */
export function Figure(props: FigureProps) {
  const { label, value, unit, at, live = true, reason, tone, toneWord, href, onOpen, size = 'md' } = props;
  const stale = useStale(at, live);
  const body = (
    <>
      <span className={styles.top}>
        <span className={styles.label}>{label}</span>
        {tone && tone !== 'neutral' && toneWord && (
          <span className={styles.tone} data-tone={tone}>
            <ToneShape tone={tone} /> {toneWord}
          </span>
        )}
      </span>
      <span className={styles.main}>
        <FigureValue value={value} format={props.format} />
        {unit && value !== null && value !== undefined && <span className={styles.unit}>{unit}</span>}
      </span>
      {props.trend && (
        <span className={styles.spark}>
          <Sparkline
            points={props.trend}
            band={props.band}
            reach={props.trendReach}
            width={200}
            height={30}
            label={`${label}, course`}
          />
        </span>
      )}
      <span className={styles.foot}>
        {value === null || (stale && reason) ? (
          <span className={styles.reason}>{reason ?? 'not known'}</span>
        ) : (
          <span>{props.against ?? props.window}</span>
        )}
        {value !== null && <FigureAge at={at} />}
      </span>
    </>
  );
  const shared = {
    className: styles.figure,
    'data-stale': stale,
    'data-size': size,
    'data-at': at ?? undefined,
  };
  if (href) {
    return (
      <PageLink {...shared} href={href}>
        {body}
      </PageLink>
    );
  }
  if (onOpen) {
    return (
      <button type="button" {...shared} onClick={onOpen}>
        {body}
      </button>
    );
  }
  return <div {...shared}>{body}</div>;
}

function FigureValue({ value, format = formatNumber }: Pick<FigureProps, 'value' | 'format'>) {
  if (value === undefined) return <Skeleton height={24} width={72} my={3} />;
  if (value === null) {
    return (
      <span className={styles.value} data-unknown="true">
        –<span className="mr-visually-hidden">unknown</span>
      </span>
    );
  }
  return <span className={styles.value}>{typeof value === 'number' ? format(value) : value}</span>;
}

function FigureAge({ at }: { at: number | null | undefined }) {
  const now = useNow();
  if (typeof at !== 'number' || now === 0) return null;
  const age = formatAge(now - at);
  return (
    <span className={styles.age} title={formatDateTime(at)}>
      {age === 'now' ? 'now' : `${age} old`}
    </span>
  );
}
