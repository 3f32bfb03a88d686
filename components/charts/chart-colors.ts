'use client';

/** Names of our colours that charts draw with; resolved for a canvas, which knows no variables. */
const NAMES = [
  'accent',
  'second',
  'red',
  'amber',
  'green',
  'text',
  'text-2',
  'text-3',
  'line',
  'band',
  'pane',
] as const;
type ColorName = (typeof NAMES)[number];
export type ChartColors = Record<ColorName, string> & { font: string };

/** Colours of the present theme as the browser paints them. */
export function chartColors(within: HTMLElement): ChartColors {
  const colors: Partial<ChartColors> = { font: `11px ${getComputedStyle(within).fontFamily}` };
  for (const name of NAMES) {
    // A new element each time: one that changes may be in a transition, however short, from its colour before.
    const probe = document.createElement('span');
    probe.style.color = `var(--mr-${name})`;
    within.append(probe);
    colors[name] = getComputedStyle(probe).color;
    probe.remove();
  }
  return colors as ChartColors;
}
