/**
 * Measures Millrace on this machine, as ratios to the machine's own limit L measured in the same run, and what is held to
 * a bar of its own, row by row.
 *
 * Usage: npm run bench -- [--profile quick|full] [--rows a,b|all] [--seconds N] [--minutes N]
 * Prints one JSON object on standard output; progress goes to standard error.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { type LimitFigures, measureLimit } from './limit';
import { PROFILES, profileFigures } from './profile';
import { ROWS, rowNames } from './rows/catalogue';
import type { Row, RowContext, RowFigures } from './rows/row';

const { values } = parseArgs({
  options: {
    profile: { type: 'string' },
    rows: { type: 'string' },
    /** of each measured phase of a row */
    seconds: { type: 'string', default: '20' },
    /** of the row that runs for long */
    minutes: { type: 'string', default: '60' },
  },
});
const profileName = values.profile ?? (values.rows === undefined ? 'quick' : undefined);
if (profileName !== undefined && profileName !== 'quick' && profileName !== 'full')
  refuse('--profile is quick or full');
const { limitSeconds } = PROFILES[profileName ?? 'quick'];
const rows = values.rows === undefined ? [] : rowNames(values.rows);
const say = (text: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

let measured: Promise<LimitFigures> | undefined;
function limit(): Promise<LimitFigures> {
  if (measured === undefined) say('the limit of this machine …');
  measured ??= measureLimit(limitSeconds);
  return measured;
}

const context: RowContext = {
  seconds: positive('--seconds', values.seconds),
  minutes: positive('--minutes', values.minutes),
  limit,
  say,
};
const figures = profileName === undefined ? {} : await profileFigures(profileName, limit, say);
const measuredRows: Record<string, RowFigures | { failed: string }> = {};
for (const name of rows) measuredRows[name] = await measureRow(name, ROWS[name] as Row);

process.stdout.write(
  `${JSON.stringify(
    {
      ...(profileName === undefined ? {} : { profile: profileName }),
      machine: {
        cores: os.cpus().length,
        model: os.cpus()[0]?.model,
        memoryGiB: Math.round(os.totalmem() / 2 ** 30),
        /** programs that wanted a core, by the minute and by the quarter of an hour: how much else ran */
        load: os.loadavg(),
      },
      ...(measured === undefined ? {} : { limit: await measured }),
      ...figures,
      ...(rows.length === 0 ? {} : { rows: measuredRows }),
    },
    null,
    2,
  )}\n`,
);

/** A row that could not be measured does not take the others with it; the run then ends badly. */
async function measureRow(name: string, row: Row): Promise<RowFigures | { failed: string }> {
  say(`row ${name} …`);
  try {
    const figures = await row(context);
    // Said at once as well: a run that is broken off leaves what it measured.
    say(`row ${name}: ${JSON.stringify(figures)}`);
    return figures;
  } catch (error) {
    process.exitCode = 1;
    say(`row ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

function refuse(problem: string): never {
  process.stderr.write(`${problem}.\n`);
  process.exit(2);
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) refuse(`${option} is a number above 0, not "${text}"`);
  return number;
}
