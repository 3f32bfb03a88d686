'use client';
import { toneOfLag } from '@/components/operations/strip';
import { Figure } from '@/components/ui/figure';
import { FigureStrip } from '@/components/ui/figure-strip';
import { formatDuration, formatNumber, formatTime } from '@/components/ui/format';
import type { GroupFigures, StreamsSnapshot } from '@/server/scaling/streams.schema';
import { formatBytes } from './operator-words';
import type { StreamsRoom } from './use-streams';

/** Five figures of the pipeline as a whole. */
export function TopologyStrip({ room }: { room: StreamsRoom }) {
  const { data } = room;
  const at = data?.computedAt ?? null;
  const told = { at, reason: room.reason };
  return (
    <FigureStrip label="The pipeline">
      <Figure
        label="Through the processors"
        value={data ? (data.operators.push?.takes ?? null) : undefined}
        unit="events/s"
        window="last 10 s"
        {...told}
        reason={room.reason ?? 'counting began just now'}
      />
      <WatermarkFigure watermark={data?.watermark} {...told} />
      <LagFigure label="Processing: lag" figures={data?.groups[0]} {...told} href="/streams/lag" />
      <LagFigure label="Archive: lag" figures={data?.groups[1]} {...told} href="/streams/lag" />
      <Figure
        label="Keyed state"
        value={data ? stateWords(data) : undefined}
        window={
          data?.state.customers == null ? '' : `${formatNumber(data.state.customers)} customers, estimated`
        }
        {...told}
        href="/streams/state"
      />
    </FigureStrip>
  );
}

function stateWords({ operators, state }: StreamsSnapshot): string | null {
  if (state.customers === null) return null;
  const sizes = Object.values(operators).map((figures) => figures?.stateBytes ?? 0);
  return formatBytes(sizes.reduce((sum, size) => sum + size, 0));
}

interface Told {
  at: number | null;
  reason: string | null;
}

function WatermarkFigure({
  watermark,
  at,
  reason,
}: Told & { watermark: StreamsSnapshot['watermark'] | undefined }) {
  const behind =
    watermark?.at != null && watermark.newest !== null
      ? `${formatDuration(watermark.newest - watermark.at)} behind the newest event`
      : undefined;
  return (
    <Figure
      label="Watermark"
      value={watermark && (watermark.at === null ? null : formatTime(watermark.at))}
      window={behind}
      at={at}
      reason={reason ?? 'every partition is idle'}
      href="/streams/late"
    />
  );
}

function LagFigure({
  label,
  figures,
  at,
  reason,
  href,
}: Told & { label: string; figures: GroupFigures | undefined; href: string }) {
  const tone = toneOfLag(figures?.lagSeconds ?? null);
  return (
    <Figure
      label={label}
      value={figures?.lagSeconds}
      unit="s"
      window={figures && `worst partition; ${formatNumber(figures.backlog)} waiting`}
      at={at}
      reason={reason ?? figures?.reason ?? null}
      tone={tone}
      toneWord={tone === 'bad' ? 'behind' : 'slow'}
      href={href}
    />
  );
}
