'use client';
import { memo, useState } from 'react';
import { toneOfLag } from '@/components/operations/strip';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { type Tone, ToneShape } from '@/components/ui/status-badge';
import {
  OPERATORS,
  type OperatorDefinition,
  type OperatorKey,
  operatorOf,
} from '@/server/processors/topology.schema';
import { downstreamOf } from '@/server/processors/topology-edges.schema';
import type { GroupFigures, OperatorFigures, StreamsSnapshot } from '@/server/scaling/streams.schema';
import { costWords, flowWords } from './operator-words';
import styles from './topology-graph.module.css';
import {
  EDGE_PATHS,
  type EdgePath,
  GRAPH_HEIGHT,
  GROUP_BOXES,
  type GroupBox,
  NODE_HEIGHT,
  placeOf,
} from './topology-layout';

const WIDEST = 11;
const THINNEST = 1;

interface GraphProps {
  data: StreamsSnapshot;
  selected: string;
  onSelect: (key: OperatorKey) => void;
}

/** The operators and what flows between them: width is the rate, colour the lag of the group that must take it. */
export const TopologyGraph = memo(function TopologyGraph({ data, selected, onSelect }: GraphProps) {
  const [pointed, setPointed] = useState<OperatorKey | null>(null);
  const focus = pointed ?? (selected === '' ? null : (selected as OperatorKey));
  const reached = focus ? new Set([focus, ...downstreamOf(focus)]) : null;
  const most = Math.max(1e-9, ...Object.values(data.operators).map((figures) => figures?.takes ?? 0));
  return (
    <div className={styles.graph} style={{ height: GRAPH_HEIGHT }}>
      {GROUP_BOXES.map((box) => (
        <Group key={box.group} box={box} figures={data.groups.find(({ group }) => group === box.group)} />
      ))}
      <svg
        viewBox={`0 0 100 ${GRAPH_HEIGHT}`}
        preserveAspectRatio="none"
        className={styles.edges}
        aria-hidden="true"
      >
        {EDGE_PATHS.map((edge) => (
          <Edge key={edge.id} edge={edge} data={data} most={most} lit={isLit(edge, focus, reached)} />
        ))}
      </svg>
      {OPERATORS.map((operator) => (
        <Node
          key={operator.key}
          operator={operator}
          figures={data.operators[operator.key]}
          tone={toneOfGroup(operator, data)}
          selected={operator.key === selected}
          faded={reached !== null && !reached.has(operator.key)}
          onPoint={setPointed}
          onSelect={onSelect}
        />
      ))}
    </div>
  );
});

/** While an operator is pointed at: what leads to it and what leads on from it, over any number of edges. */
function isLit(
  { from, to }: EdgePath,
  focus: OperatorKey | null,
  reached: ReadonlySet<OperatorKey> | null,
): boolean | null {
  if (focus === null || reached === null) return null;
  return to === focus || (reached.has(from) && reached.has(to));
}

function toneOfGroup({ group }: OperatorDefinition, { groups }: StreamsSnapshot): Tone {
  const figures = groups.find((each) => each.group === group);
  return toneOfLag(figures?.lagSeconds ?? null);
}

function Group({ box, figures }: { box: GroupBox; figures: GroupFigures | undefined }) {
  const tone = toneOfLag(figures?.lagSeconds ?? null);
  const narrow = box.group !== 'main';
  return (
    <div
      className={styles.group}
      data-tone={tone}
      style={{
        left: `${box.left}%`,
        width: `${box.right - box.left}%`,
        top: box.top,
        height: box.bottom - box.top,
      }}
    >
      <span className={styles.groupTitle}>
        {tone !== 'neutral' && <ToneShape tone={tone} />}
        <b>Group {box.group}</b> {figures && <GroupWords figures={figures} narrow={narrow} />}
      </span>
    </div>
  );
}

function GroupWords({ figures, narrow }: { figures: GroupFigures; narrow: boolean }) {
  const { lagSeconds, reason, backlog, workers } = figures;
  const lag = lagSeconds === null ? 'lag –' : `lag ${formatDuration(lagSeconds * 1_000)}`;
  if (narrow) return <span title={reason ?? undefined}>{lag}</span>;
  return (
    <span>
      {lag} · {formatNumber(workers)} {workers === 1 ? 'worker' : 'workers'} · {formatNumber(backlog)} waiting
      {reason && ` · ${reason}`}
    </span>
  );
}

interface EdgeProps {
  edge: EdgePath;
  data: StreamsSnapshot;
  most: number;
  /** null: nothing is pointed at */
  lit: boolean | null;
}

function Edge({ edge, data, most, lit }: EdgeProps) {
  const rate = rateOf(edge, data);
  const width =
    rate === null || rate <= 0 ? THINNEST : THINNEST + Math.sqrt(rate / most) * (WIDEST - THINNEST);
  return (
    <path
      d={edge.d}
      className={styles.edge}
      strokeWidth={Math.min(WIDEST, width)}
      data-tone={toneOfGroup(operatorOf(edge.to), data)}
      data-still={rate === null || rate <= 0}
      data-lit={lit ?? undefined}
    />
  );
}

function rateOf({ from, to, by }: EdgePath, { operators }: StreamsSnapshot): number | null {
  return by === 'to'
    ? (operators[to]?.takes ?? null)
    : (operators[from]?.gives ?? operators[from]?.takes ?? null);
}

interface NodeProps {
  operator: OperatorDefinition;
  figures: OperatorFigures | undefined;
  tone: Tone;
  selected: boolean;
  faded: boolean;
  onPoint: (key: OperatorKey | null) => void;
  onSelect: (key: OperatorKey) => void;
}

function Node({ operator, figures, tone, selected, faded, onPoint, onSelect }: NodeProps) {
  const { x, y } = placeOf(operator.key);
  const errors = figures?.errors ?? 0;
  return (
    <button
      type="button"
      className={styles.node}
      style={{ left: `${x}%`, top: y - NODE_HEIGHT / 2, height: NODE_HEIGHT }}
      data-tone={tone}
      data-selected={selected}
      data-faded={faded}
      data-operator={operator.key}
      aria-haspopup="dialog"
      title={operator.about}
      onClick={() => onSelect(operator.key)}
      onPointerEnter={() => onPoint(operator.key)}
      onPointerLeave={() => onPoint(null)}
      onFocus={() => onPoint(operator.key)}
      onBlur={() => onPoint(null)}
    >
      <span className={styles.name}>
        {operator.name}
        {errors > 0 && (
          <span className={styles.errors}>
            <ToneShape tone="bad" /> {formatNumber(errors)}
            <span className="mr-visually-hidden"> errors in the last minute</span>
          </span>
        )}
      </span>
      <span className={styles.flow}>{flowWords(operator, figures)}</span>
      <span className={styles.cost}>{costWords(figures)}</span>
    </button>
  );
}
