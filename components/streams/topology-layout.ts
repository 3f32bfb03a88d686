import type { OperatorKey } from '@/server/processors/topology.schema';
import { EDGES, type OperatorEdge } from '@/server/processors/topology-edges.schema';

/** Where an operator stands: across in per cent of the width, down in px. */
export interface Place {
  x: number;
  y: number;
}

const COLUMNS = 7;
const ROW_PX = 70;
/** Above the first row: the lane of what flows back, and the group's title. */
const TOP_PX = 88;
/** Below the last row: the lane of what goes past the processors. */
const LANE_PX = 58;
const ROWS = 7;

export const GRAPH_HEIGHT = TOP_PX + (ROWS - 1) * ROW_PX + LANE_PX + 12;
export const NODE_HEIGHT = 58;

/** Column and row of each operator, in the order of the flow. */
const CELLS: Record<OperatorKey, [column: number, row: number]> = {
  collector: [0, 3],
  log: [1, 3],
  consent: [2, 3],
  late: [3, 0],
  identity: [3, 1],
  visits: [3, 2],
  carts: [3, 3],
  purchases: [3, 4],
  contacts: [3, 5],
  context: [3, 6],
  timers: [4, 2],
  rules: [4, 4],
  metrics: [5, 2],
  queue: [5, 4],
  thresholds: [6, 0],
  push: [6, 3],
  archive: [6, 6],
};

export function placeOf(key: OperatorKey): Place {
  const [column, row] = CELLS[key];
  return { x: ((column + 0.5) / COLUMNS) * 100, y: TOP_PX + row * ROW_PX };
}

/** The box around operators of one group, in the same units. */
export interface GroupBox {
  group: 'main' | 'metrics' | 'archive';
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const columnEdge = (column: number) => (column / COLUMNS) * 100;
const rowEdge = (row: number) => TOP_PX + (row - 0.5) * ROW_PX;

/** Around the one operator of a group in the last column. */
function lastColumnBox(group: GroupBox['group'], row: number): GroupBox {
  return {
    group,
    left: columnEdge(6),
    right: columnEdge(7),
    top: rowEdge(row) - 24,
    bottom: rowEdge(row + 1) + 4,
  };
}

export const GROUP_BOXES: readonly GroupBox[] = [
  { group: 'main', left: columnEdge(2), right: columnEdge(6), top: rowEdge(0) - 24, bottom: rowEdge(7) + 4 },
  lastColumnBox('metrics', 0),
  lastColumnBox('archive', 6),
];

export interface EdgePath extends OperatorEdge {
  id: string;
  d: string;
}

/** Edges as paths over a picture 100 wide and `GRAPH_HEIGHT` high, from centre to centre: the operators cover their ends. */
export const EDGE_PATHS: readonly EdgePath[] = EDGES.map((edge) => ({
  ...edge,
  id: `${edge.from}-${edge.to}`,
  d: pathBetween(edge),
}));

function pathBetween({ from, to }: OperatorEdge): string {
  const a = placeOf(from);
  const b = placeOf(to);
  if (from === 'log' && to === 'archive') return alongLane(a, b, GRAPH_HEIGHT - 18);
  if (b.x < a.x) return alongLane(a, b, 12);
  const middle = (a.x + b.x) / 2;
  return `M${a.x} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${b.x} ${b.y}`;
}

/** Past everything else: up or down to a lane, along it, and back. */
function alongLane(a: Place, b: Place, lane: number): string {
  const turn = b.x > a.x ? 4 : -4;
  return [
    `M${a.x} ${a.y}`,
    `C${a.x} ${lane} ${a.x} ${lane} ${a.x + turn} ${lane}`,
    `L${b.x - turn} ${lane}`,
    `C${b.x} ${lane} ${b.x} ${lane} ${b.x} ${b.y}`,
  ].join('');
}
