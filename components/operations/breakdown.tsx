'use client';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';
import { Funnel } from './funnel';
import { LagMap } from './lag-map';
import styles from './operations-page.module.css';
import { Origins } from './origins';

/** What the strip's figures are made of: lag by partition, events by where they come from, visits by step. */
export function Breakdown({ data }: { data: OperationsSnapshot | null }) {
  return (
    <div className={styles.thirds}>
      <LagMap lag={data?.lag} />
      <Origins data={data} />
      <Funnel funnel={data?.funnel} figures={data?.figures} />
    </div>
  );
}
