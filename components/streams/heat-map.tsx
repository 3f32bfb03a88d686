'use client';
import { type KeyboardEvent, useRef } from 'react';
import { toneOfLag } from '@/components/operations/strip';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import type { LagBoardRow, LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import styles from './partitions-page.module.css';
import { type RegionRows, rowsByRegion } from './rows-by-region';
import { GROUP_OPTIONS, nameOf, type ProcessorGroup, unknownReason } from './use-lag-board';
import type { useDisorder } from './use-scaling';

interface HeatMapProps {
  snapshot: LagBoardSnapshot | null;
  selected: string;
  onSelect: (name: string | null) => void;
  disorder: ReturnType<typeof useDisorder>['data'];
}

const COLUMNS = 16;
/** Steps of fill, so that a square keeps its shade while its rate flickers. */
const HEAT_STEPS = 5;

/** Partition × throughput × lag: the fill is what comes in, the frame and the figure are the lag. */
export function HeatMap({ snapshot, selected, onSelect, disorder }: HeatMapProps) {
  const [shown, setShown] = useAddressParam('group', 'main');
  const group: ProcessorGroup = shown === 'archive' ? 'archive' : 'main';
  const rows = snapshot?.rows.filter((row) => row.group === group);
  const regions = rowsByRegion(rows ?? [], snapshot?.regions ?? []);
  return (
    <Pane
      id="map"
      title="Where is the load?"
      note={rows && rows.length > 0 ? `${rows.length} partitions, last 5 s` : undefined}
      actions={<Choice label="Processor group" value={group} onChange={setShown} options={GROUP_OPTIONS} />}
    >
      {!rows ? (
        <SkeletonLines lines={6} />
      ) : rows.length === 0 ? (
        <EmptyState title={snapshot?.problem ? 'Not known' : 'No partition has held an event yet'}>
          {snapshot?.problem}
        </EmptyState>
      ) : (
        <>
          <Field rows={rows} regions={regions} selected={selected} onSelect={onSelect} />
          <Legend />
          <Chosen {...chosenOf(regions, selected)} disorder={disorder} />
        </>
      )}
    </Pane>
  );
}

interface FieldProps extends Pick<HeatMapProps, 'selected' | 'onSelect'> {
  rows: readonly LagBoardRow[];
  regions: readonly RegionRows[];
}

/** The squares; those of each region under its name, where there are several. The arrows walk over all of them. */
function Field({ rows, regions, selected, onSelect }: FieldProps) {
  const mapRef = useRef<HTMLDivElement>(null);
  const busiest = Math.max(1, ...rows.map(({ arriving }) => arriving ?? 0));
  const move = (event: KeyboardEvent<HTMLButtonElement>) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    const squares = [...(mapRef.current?.querySelectorAll('button') ?? [])];
    squares[squares.indexOf(event.currentTarget) + step]?.focus();
    event.preventDefault();
  };
  const reachable = rows.some((row) => nameOf(row) === selected) ? selected : nameOf(rows[0] as LagBoardRow);
  return (
    <div ref={mapRef} className={styles.map}>
      {regions.map(({ region, rows: own }) => (
        <div key={region}>
          {region !== null && (
            <p className={styles.region} aria-hidden="true">
              {region}
            </p>
          )}
          {/* biome-ignore lint/a11y/useSemanticElements: a field of squares, not a set of form controls */}
          <div
            className={styles.field}
            role="group"
            aria-label={`Partitions ${region === null ? '' : `in ${region} `}by throughput and lag`}
          >
            {own.map((row) => (
              <Square
                key={nameOf(row)}
                row={row}
                region={region}
                busiest={busiest}
                selected={selected}
                isReachable={nameOf(row) === reachable}
                onKeyDown={move}
                onSelect={onSelect}
              />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

interface SquareProps extends Pick<HeatMapProps, 'selected' | 'onSelect'> {
  row: LagBoardRow;
  region: string | null;
  /** what comes into the busiest partition, events a second */
  busiest: number;
  /** with the tabulator key: one of all squares is */
  isReachable: boolean;
  onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => void;
}

function Square({ row, region, busiest, selected, isReachable, onKeyDown, onSelect }: SquareProps) {
  const name = nameOf(row);
  const isSelected = name === selected;
  return (
    <button
      type="button"
      className={styles.square}
      data-heat={heatOf(row.arriving, busiest)}
      data-tone={row.lagSeconds === null ? 'unknown' : toneOfLag(row.lagSeconds)}
      aria-pressed={isSelected}
      aria-label={`Partition ${nameIn(name, region)}: ${wordsOf(row)}`}
      title={`${nameIn(name, region)}: ${wordsOf(row)}`}
      tabIndex={isReachable ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={() => onSelect(isSelected ? null : name)}
    >
      {squareText(row)}
    </button>
  );
}

const nameIn = (name: string, region: string | null) => (region === null ? name : `${name} in ${region}`);

function chosenOf(regions: readonly RegionRows[], selected: string): Pick<ChosenProps, 'row' | 'region'> {
  for (const { region, rows } of regions) {
    const row = rows.find((each) => nameOf(each) === selected);
    if (row) return { row, region };
  }
  return { row: undefined, region: null };
}

/** 0 for nothing, then steps up to the busiest partition. */
function heatOf(arriving: number | null, busiest: number): number {
  if (arriving === null || arriving <= 0) return 0;
  return Math.max(1, Math.ceil((arriving / busiest) * HEAT_STEPS));
}

function squareText({ lagSeconds, partition }: LagBoardRow): string {
  if (lagSeconds === null) return '–';
  return lagSeconds >= 1 ? `${formatNumber(Math.round(lagSeconds))} s` : String(partition);
}

function wordsOf(row: LagBoardRow): string {
  const rate =
    row.arriving === null ? 'rate not known' : `${formatNumber(Math.round(row.arriving * 10) / 10)} events/s`;
  const lag =
    row.lagSeconds === null
      ? `lag not known: ${unknownReason(row)}`
      : `lag ${formatNumber(Math.round(row.lagSeconds * 10) / 10)} s`;
  return `${rate}, ${lag}`;
}

function Legend() {
  return (
    <p className={styles.legend}>
      <span>nothing comes</span>
      {Array.from({ length: HEAT_STEPS + 1 }, (_, heat) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps are their numbers
        <span key={heat} className={styles.swatch} data-heat={heat} aria-hidden="true" />
      ))}
      <span>busiest partition</span>
      <span>· a figure in s: behind · –: not known</span>
    </p>
  );
}

interface ChosenProps extends Pick<HeatMapProps, 'disorder'> {
  row: LagBoardRow | undefined;
  region: string | null;
}

function Chosen({ row, region, disorder }: ChosenProps) {
  if (!row)
    return <p className={styles.quiet}>Choose a square to see that partition, and its customers below.</p>;
  const disordered =
    disorder?.partitions.find(
      ({ shardId, partition }) => shardId === row.shardId && partition === row.partition,
    )?.outOfOrder ?? 0;
  const number = (value: number | null) => (value === null ? '–' : formatNumber(Math.round(value * 10) / 10));
  const facts: [string, string][] = [
    ['comes in', `${number(row.arriving)} events/s`],
    ['processed', `${number(row.processed)} events/s`],
    ['lag', row.lagSeconds === null ? unknownReason(row) : `${number(row.lagSeconds)} s`],
    ['backlog', `${formatNumber(row.backlog)} events`],
    [
      'out of order, 24 h',
      disorder?.from == null ? 'not looked over yet' : `${formatNumber(disordered)} events`,
    ],
    ['held by', row.owner ?? 'nobody'],
  ];
  return (
    <dl className={styles.facts} aria-label={`Partition ${nameIn(nameOf(row), region)}`}>
      <div>
        <dt>partition</dt>
        <dd>{nameIn(nameOf(row), region)}</dd>
      </div>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
