/** How far apart the frames of a screen with 60 of them a second are, ms. */
const FRAME_MS = 1_000 / 60;

/** Part of the frames a screen would have shown that were left out, from how far apart those it showed were, ms. */
export function droppedFrames(gapsMs: readonly number[]): number {
  const dropped = gapsMs.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME_MS) - 1), 0);
  const share = dropped / Math.max(1, gapsMs.length + dropped);
  return Math.round(share * 10_000) / 10_000;
}
