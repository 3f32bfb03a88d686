'use client';
import { memo } from 'react';
import { formatNumber } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { Pane } from '@/components/ui/pane';
import { SkeletonLines } from '@/components/ui/states';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';
import styles from './river.module.css';
import { type Reach, type RiverStage, reachesOf, stagesOf } from './river-shape';
import { useSourceNames } from './use-source-names';

const HEIGHT = 212;
const WIDTH = 1_180;
/** As many letters of a name as have room before the first stage. */
const NAME_LETTERS = 20;

/** The topology as a river, from sources to screens: width is the rate, colour is the lag. */
export const River = memo(function River({ data }: { data: OperationsSnapshot | null }) {
  const names = useSourceNames();
  return (
    <Pane
      title="Where does it flow, and where does it stand still?"
      note="width: events/s over the last 10 s; colour: lag"
      actions={<Legend />}
    >
      {data ? (
        <RiverFigure data={data} names={names} />
      ) : (
        <div className={styles.waiting}>
          <SkeletonLines lines={11} />
        </div>
      )}
    </Pane>
  );
});

function RiverFigure({ data, names }: { data: OperationsSnapshot; names: Map<string, string> }) {
  const stages = stagesOf(data, names);
  const reaches = reachesOf(stages, data);
  return (
    <div className={styles.river}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={inWords(stages)}
        className={styles.figure}
      >
        {reaches.map((reach) => (
          <path
            key={reach.key}
            d={pathOf(reach)}
            strokeWidth={reach.width}
            className={styles.reach}
            data-tone={reach.tone}
            data-unknown={reach.rate === null}
          />
        ))}
        {stages.map((stage) => (
          <g key={stage.key} className={styles.stage} data-tone={stage.tone}>
            <rect x={stage.x} y={stage.y - stage.tall / 2} width={5} height={stage.tall} rx={2.5} />
            <text x={stage.labelX} y={stage.labelY} textAnchor={stage.anchor} className={styles.name}>
              {stage.name.length > NAME_LETTERS ? `${stage.name.slice(0, NAME_LETTERS)}…` : stage.name}
              <title>{stage.name}</title>
            </text>
            <text x={stage.labelX} y={stage.labelY + 16} textAnchor={stage.anchor} className={styles.rate}>
              {rateWords(stage)}
            </text>
          </g>
        ))}
      </svg>
      {(data.flow.deadLetters ?? 0) > 0 && (
        <PageLink href="/dead-letters" className={styles.dead}>
          {formatNumber(data.flow.deadLetters ?? 0)} refused/s → dead letters
        </PageLink>
      )}
    </div>
  );
}

function rateWords({ rate, unit, note }: RiverStage): string {
  const words = rate === null ? '–' : `${formatNumber(rate)} ${unit}`;
  return note ? `${words} · ${note}` : words;
}

function inWords(stages: readonly RiverStage[]): string {
  return `Flow: ${stages.map((stage) => `${stage.name} ${rateWords(stage)}`).join('; ')}.`;
}

function pathOf({ x1, y1, x2, y2 }: Reach): string {
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

function Legend() {
  return (
    <span className={styles.legend}>
      <span data-tone="neutral">keeps up</span>
      <span data-tone="warn">2 s behind</span>
      <span data-tone="bad">10 s behind</span>
    </span>
  );
}
