/** The console's own line icons: 16 px grid, 1.5 px stroke. Always beside a word or with a label on their button. */
const PATHS = {
  desk: 'M2.5 9.5v-1a5.5 5.5 0 0 1 11 0v1M2.5 9.5h2v3.5h-2zM11.5 9.5h2v3.5h-2zM13.5 13c0 1-1 1.5-2.5 1.5H9',
  operations: 'M1.5 8.5h3l2-5.5 3 10 2-4.5h3',
  streams:
    'M1.5 5c2 0 2-1.5 4.3-1.5S8 5 10.2 5s2.3-1.5 4.3-1.5M1.5 9c2 0 2-1.5 4.3-1.5S8 9 10.2 9s2.3-1.5 4.3-1.5M1.5 13c2 0 2-1.5 4.3-1.5S8 13 10.2 13s2.3-1.5 4.3-1.5',
  privacy: 'M8 1.5 13 3.5v4c0 3.5-2 5.8-5 7-3-1.2-5-3.5-5-7v-4zM6 8l1.5 1.5L10.5 6.5',
  workshop: 'M2 2.5h3.5v11H2zM6.5 2.5H10V9H6.5zM11 2.5h3v7.5h-3z',
  rules: 'M3 3.5h3v3H3zM3 10h3v3H3zM6 5h3.5a2 2 0 0 1 2 2v1M9.5 9.5l2 2 2-2M6 11.5h3',
  settings: 'M2 4.5h6.5M12 4.5h2M2 11.5h2M7.5 11.5H14M10.25 2.75v3.5M5.75 9.75v3.5',
  sources: 'M8 2v7M5 6.5 8 9.5l3-3M2.5 10v3.5h11V10',
  deadLetters: 'M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5M10 10.5l2.5 2.5M12.5 10.5 10 13',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14',
  help: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM6 6.2A2 2 0 1 1 8 8.3v1M8 11.3v.2',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z',
  screen: 'M2 3h12v8H2zM6 14h4M8 11v3',
  play: 'M4.5 3v10l8-5z',
  pause: 'M5 3v10M11 3v10',
  clock: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4.5V8l2.5 1.5',
  down: 'M4 6.5 8 10.5l4-4',
  right: 'M6.5 4l4 4-4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  edit: 'M3 13l.5-3L10.5 3l2.5 2.5-7 7zM9 4.5 11.5 7',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5 5 13.5h6l.5-9M7 7v4M9 7v4',
  check: 'M3 8.5 6.5 12 13 4.5',
  alert: 'M8 2 14.5 13.5h-13zM8 6.5v3.5M8 12v.2',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM7 14h2',
  download: 'M8 2v8M5 7l3 3 3-3M3 13h10',
  external: 'M9 3h4v4M13 3 7.5 8.5M7 4H3v9h9V9',
  person: 'M8 2.5a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5zM2.5 14c.5-3 2.5-4.5 5.5-4.5s5 1.5 5.5 4.5',
  out: 'M6 3H3v10h3M10 5l3 3-3 3M13 8H6.5',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 3v10',
  minus: 'M3 8h10',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  upload: 'M8 10V2M5 5l3-3 3 3M3 13h10',
  none: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM5.5 8h5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none' }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
