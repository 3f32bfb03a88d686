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
  const probe = document.createElement('span');
  within.append(probe);
  const style = getComputedStyle(probe);
  const colors: Partial<ChartColors> = { font: `11px ${style.fontFamily}` };
  for (const name of NAMES) {
    probe.style.color = `var(--mr-${name})`;
    colors[name] = style.color;
  }
  probe.remove();
  return colors as ChartColors;
}
