import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIST_NAMES } from '@/server/privacy/exported-list.schema';

/** Lists that are no rows to take away, each with what they are. */
const NOT_SAVED: Readonly<Record<string, string>> = {
  'components/desk/card-pane.tsx': 'one customer: last contacts',
  'components/desk/cart-box.tsx': 'one customer: the cart',
  'components/desk/now-pane.tsx': 'one customer: the visit as it happens',
  'components/desk/transcript.tsx': 'one customer: the call as it is spoken',
  'components/ingestion/arrival-list.tsx': 'a sample of what arrives just now',
  'components/ingestion/import-columns-form.tsx': 'a form',
  'components/operations/funnel.tsx': 'a chart',
  'components/operations/standing-escalations.tsx': 'counts that open a list',
  'components/operations/threshold-drawer.tsx': 'a menu of thresholds',
  'components/privacy/customer-consent.tsx': 'one customer: a line for each purpose',
  'components/privacy/customer-search.tsx': 'suggestions while one types',
  'components/privacy/dpia-screening.tsx': 'a form',
  'components/privacy/dpia-sign.tsx': 'one assessment',
  'components/privacy/pia-import.tsx': 'one file',
  'components/privacy/request-drawer.tsx': 'one request',
  'components/privacy/risk-matrix.tsx': 'a chart',
  'components/privacy/signals-pane.tsx': 'the meaning of signals, and counts of the last while',
  'components/privacy/subject-report/report-screen.tsx': 'one customer: the report has a file of its own',
  'components/privacy/subject-report/report-table.tsx': 'one customer: the report has a file of its own',
  'components/rules/audience-preview.tsx': 'counts, and the rules that a form concerns',
  'components/rules/cel-editor.tsx': 'suggestions while one types',
  'components/rules/rule-trial.tsx': 'one trial',
  'components/settings/confirm-factor.tsx': 'codes that are shown once',
  'components/shell/palette.tsx': 'suggestions while one types',
  'components/shell/rail.tsx': 'navigation',
  'components/streams/calendar-drawer.tsx': 'a menu of calendars',
  'components/streams/checkpoint-curve.tsx': 'a chart',
  'components/streams/choice-drawer.tsx': 'one decision',
  'components/streams/equivalence-drawer.tsx': 'one report',
  'components/streams/lag-causes.tsx': 'sentences',
  'components/streams/late-drawer.tsx': 'one event',
  'components/streams/late-policies.tsx': 'sentences',
  'components/streams/lateness-histogram.tsx': 'a chart',
  'components/streams/message-look-up.tsx': 'one message',
  'components/streams/module-drawer.tsx': 'one module',
  'components/streams/operator-drawer.tsx': 'one operator',
  'components/streams/option-list.tsx': 'a comparison within a form',
  'components/streams/sentiment-score.tsx': 'one score, kept as a file of the repository',
  'components/streams/what-if-pane.tsx': 'a trial within a form',
  'components/workshop/evidence.tsx': 'one use case',
  'components/workshop/holdout-comparison.tsx': 'one use case',
  'components/workshop/launch-panel.tsx': 'one use case',
  'components/workshop/round-result.tsx': 'one round',
};

const files = globSync('components/**/*.tsx').map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe('the lists of the console', () => {
  it('can each be saved as CSV', () => {
    const drawn = files.filter(({ text }) => /<(ul|ol|table)\b|role="(listbox|grid)"/.test(text));
    const unsaved = drawn.filter(({ text }) => !/<Csv(Button|Foot)\b|exportName=/.test(text));
    expect(unsaved.map(({ file }) => file).sort()).toEqual(Object.keys(NOT_SAVED));
  });

  it('have each a file name that is in use', () => {
    const used = files.flatMap(({ text }) =>
      [...text.matchAll(/(?:exportName|list)=(?:"([\w-]+)"|\{`lag-\$\{group\}`\})/g)].map(
        ([, name]) => name ?? 'lag-main',
      ),
    );
    const names = [...used, ...(used.includes('lag-main') ? ['lag-archive'] : [])];
    expect([...new Set(names)].sort()).toEqual([...LIST_NAMES]);
  });
});
