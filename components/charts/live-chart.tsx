'use client';
import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { formatNumber, formatTime, zoneName } from '@/components/ui/format';
import { chartColors } from './chart-colors';
import {
  alignSeries,
  type ChartMark,
  type ChartSeries,
  type ChartSpan,
  type ChartThreshold,
} from './chart-data';
import styles from './live-chart.module.css';
import { type ChartDecor, uplotOptions } from './uplot-options';

export interface LiveChartProps {
  /** the question it answers */
  label: string;
  series: readonly ChartSeries[];
  /** ms */
  from: number;
  to: number;
  height?: number;
  /** what is usual, drawn behind */
  band?: { low: number; high: number } | null;
  thresholds?: readonly ChartThreshold[];
  marks?: readonly ChartMark[];
  spans?: readonly ChartSpan[];
  /** charts of one key share their cursor */
  syncKey?: string;
  showTimes?: boolean;
  /** a span was brushed */
  onBrush?: (from: number, to: number) => void;
}

const NONE: readonly never[] = [];

/** Fetched beside the page's own code; it may not run on a server. */
const library = typeof window === 'undefined' ? null : import('uplot');

/** Lines over time that move: thresholds, usual band and marks drawn in, brush to zoom. Drawn on a canvas by uPlot. */
export function LiveChart(props: LiveChartProps) {
  const { label, series, from, to, height = 150, syncKey, showTimes = true, onBrush } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const decor = useRef<ChartDecor | null>(null);
  const brush = useRef(onBrush);
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useComputedColorScheme('light');
  const data = alignSeries(series);
  const shape = series.map(({ label: name, tone, dashed }) => `${name}|${tone}|${dashed}`).join();
  const latest = useRef({ data, series });

  useEffect(() => {
    latest.current = { data, series };
    brush.current = onBrush;
    if (!host.current) return;
    decor.current = {
      colors: decor.current?.colors ?? chartColors(host.current),
      band: props.band ?? null,
      thresholds: props.thresholds ?? NONE,
      marks: props.marks ?? NONE,
      spans: props.spans ?? NONE,
      from,
      to,
    };
    chart.current?.setData(data as uPlot.AlignedData);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` and `scheme` say when lines or colours are others
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let gone = false;
    const resize = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }));
    void library?.then(({ default: Plot }) => {
      if (gone || !decor.current) return;
      decor.current.colors = chartColors(element);
      const options = uplotOptions({
        width: element.clientWidth,
        height,
        series: latest.current.series,
        decor: () => decor.current as ChartDecor,
        showTimes,
        syncKey,
        onBrush: brush.current && ((a, b) => brush.current?.(a, b)),
        onPoint: setPointed,
      });
      chart.current = new Plot(options, latest.current.data as uPlot.AlignedData, element);
      resize.observe(element);
    });
    return () => {
      gone = true;
      resize.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [shape, scheme, height, syncKey, showTimes, onBrush !== undefined]);

  return (
    <figure className={styles.chart}>
      <Readings
        series={series}
        data={data}
        pointed={pointed}
        label={label}
        band={props.band ?? null}
        zone={showTimes ? zoneName(to) : ''}
      />
      <div
        ref={host}
        className={styles.host}
        style={{ height }}
        role="img"
        aria-label={summaryOf(label, series)}
      />
    </figure>
  );
}

interface ReadingsProps {
  series: readonly ChartSeries[];
  data: ReturnType<typeof alignSeries>;
  pointed: number | null;
  label: string;
  band: { low: number; high: number } | null;
  /** of the times below, for as long as no time is pointed at */
  zone: string;
}

/** Names of the lines with their value under the pointer, else the newest. */
function Readings({ series, data, pointed, label, band, zone }: ReadingsProps) {
  const at = pointed === null ? undefined : data[0][pointed];
  return (
    <figcaption className={styles.caption}>
      <span className={styles.label}>{label}</span>
      {series.map((each, index) => {
        const value = at === undefined ? lastKnown(each) : data[index + 1]?.[pointed ?? 0];
        return (
          <span key={each.label} className={styles.reading}>
            <span className={styles.swatch} data-tone={each.tone} data-dashed={each.dashed} />
            {each.label} <b>{typeof value === 'number' ? formatNumber(value) : '–'}</b> {each.unit}
          </span>
        );
      })}
      {band && (
        <span className={styles.reading}>
          <span className={styles.bandSwatch} />
          usual {formatNumber(band.low)}–{formatNumber(band.high)}
        </span>
      )}
      <span className={styles.when}>{at === undefined ? zone : formatTime(at * 1_000)}</span>
    </figcaption>
  );
}

function lastKnown({ points }: ChartSeries): number | null {
  return points.findLast((point) => point.value !== null)?.value ?? null;
}

function summaryOf(label: string, series: readonly ChartSeries[]): string {
  const parts = series.map((each) => {
    const last = lastKnown(each);
    return `${each.label} ${last === null ? 'not known' : `${formatNumber(last)} ${each.unit}`}`;
  });
  return `${label}. Newest: ${parts.join(', ')}.`;
}
