import type uPlot from 'uplot';
import { formatNumber } from '@/components/ui/format';
import type { ChartColors } from './chart-colors';
import { axisTop, type ChartMark, type ChartSeries, type ChartSpan, type ChartThreshold } from './chart-data';

/** What is drawn around the lines. Read at each draw, so that a change needs no new chart. */
export interface ChartDecor {
  colors: ChartColors;
  band: { low: number; high: number } | null;
  thresholds: readonly ChartThreshold[];
  marks: readonly ChartMark[];
  spans: readonly ChartSpan[];
  from: number;
  to: number;
}

interface OptionsInput {
  width: number;
  height: number;
  series: readonly ChartSeries[];
  decor: () => ChartDecor;
  showTimes: boolean;
  syncKey: string | undefined;
  onBrush: ((from: number, to: number) => void) | undefined;
  onPoint: (index: number | null) => void;
}

const FEWEST_BRUSH_PX = 6;
/** Half of the longest time under the axis, less what lies between the axis and the edge. */
const LABEL_ROOM_PX = 24;

export function uplotOptions(input: OptionsInput): uPlot.Options {
  const { decor, series, showTimes } = input;
  const { colors } = decor();
  const axis = {
    stroke: colors['text-3'],
    font: colors.font,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
  };
  return {
    width: input.width,
    height: input.height,
    padding: [8, 8, showTimes ? 0 : 4, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: input.onBrush !== undefined, y: false, setScale: false, uni: 20 },
      ...(input.syncKey ? { sync: { key: input.syncKey, setSeries: false } } : {}),
    },
    scales: {
      x: { time: true, range: () => [decor().from / 1_000, decor().to / 1_000] },
      y: {
        range: (chart) => {
          const { thresholds, band } = decor();
          const values = chart.data.slice(1).flat() as (number | null)[];
          return [
            0,
            axisTop(values, [...thresholds.map((each) => each.value), ...(band ? [band.high] : [])]),
          ];
        },
      },
    },
    axes: [
      { ...axis, show: showTimes, size: 26, space: 80, values: clockTimes },
      {
        ...axis,
        size: 46,
        space: 30,
        values: (_chart, splits) => splits.map((value) => formatNumber(value)),
      },
    ],
    series: [
      {},
      ...series.map(({ label, tone, dashed }) => ({
        label,
        stroke: colors[tone],
        width: 1.5,
        points: { show: false },
        spanGaps: false,
        ...(dashed ? { dash: [4, 4] } : {}),
      })),
    ],
    hooks: {
      drawClear: [(chart) => drawBehind(chart, decor())],
      draw: [(chart) => drawOver(chart, decor())],
      setCursor: [(chart) => input.onPoint(chart.cursor.idx ?? null)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < FEWEST_BRUSH_PX || !input.onBrush) return;
          const [from, to] = [chart.posToVal(left, 'x') * 1_000, chart.posToVal(left + width, 'x') * 1_000];
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          input.onBrush(from, to);
        },
      ],
    },
  };
}

/** Times under the axis; none where it would be cut off at the right edge. */
function clockTimes(chart: uPlot, splits: number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  if (step < 60) clock.second = '2-digit';
  const room = chart.bbox.width / devicePixelRatio - LABEL_ROOM_PX;
  return splits.map((at) => {
    if (room > 0 && chart.valToPos(at, 'x') > room) return '';
    const date = new Date(at * 1_000);
    const midnight = date.getHours() === 0 && date.getMinutes() === 0;
    if (midnight || step >= 86_400)
      return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
    return date.toLocaleTimeString(undefined, clock);
  });
}

function drawBehind(chart: uPlot, { band, spans, colors }: ChartDecor): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (band) {
    const [high, low] = [chart.valToPos(band.high, 'y', true), chart.valToPos(band.low, 'y', true)];
    ctx.fillStyle = colors.band;
    ctx.fillRect(bbox.left, high, bbox.width, Math.max(1, low - high));
  }
  for (const { from, to, tone } of spans) {
    const [left, right] = [chart.valToPos(from / 1_000, 'x', true), chart.valToPos(to / 1_000, 'x', true)];
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = colors[tone];
    ctx.fillRect(left, bbox.top, Math.max(2 * devicePixelRatio, right - left), bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top, Math.max(2 * devicePixelRatio, right - left), 2 * devicePixelRatio);
  }
  ctx.restore();
}

function drawOver(chart: uPlot, { thresholds, marks, colors }: ChartDecor): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = colors.font.replace('11px', `${11 * ratio}px`);
  ctx.lineWidth = ratio;
  // Before the thresholds, whose words stand on a ground of their own.
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  for (const { at } of marks) {
    const x = Math.round(chart.valToPos(at / 1_000, 'x', true)) + 0.5;
    ctx.strokeStyle = colors['text-2'];
    line(ctx, x, bbox.top, x, bbox.top + bbox.height);
    flag(ctx, x, bbox.top, ratio, colors['text-2']);
  }
  for (const { value, label, tone, dashed } of thresholds) {
    const y = Math.round(chart.valToPos(value, 'y', true)) + 0.5;
    ctx.strokeStyle = colors[tone];
    ctx.setLineDash(dashed ? [5 * ratio, 4 * ratio] : []);
    line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    ctx.textAlign = 'right';
    ctx.textBaseline = 'alphabetic';
    const above = y - bbox.top > 16 * ratio;
    const end = bbox.left + bbox.width - 4 * ratio;
    const base = above ? y - 4 * ratio : y + 12 * ratio;
    // On the pane's own ground: a grid line through words cannot be read.
    const width = ctx.measureText(label).width;
    ctx.fillStyle = colors.pane;
    ctx.fillRect(end - width - 3 * ratio, base - 9 * ratio, width + 6 * ratio, 12 * ratio);
    ctx.fillStyle = colors[tone];
    ctx.fillText(label, end, base);
  }
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

/** A small pennant, so that a mark is not taken for a grid line. */
function flag(ctx: CanvasRenderingContext2D, x: number, y: number, ratio: number, color: string): void {
  ctx.fillStyle = color;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + 7 * ratio, y + 4 * ratio);
  ctx.lineTo(x, y + 8 * ratio);
  ctx.fill();
}
