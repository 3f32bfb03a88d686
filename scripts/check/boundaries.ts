import { rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { runTool } from './tool';

const CRUISER = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
const FOLDERS = ['app', 'components', 'server', 'workers', 'scripts'];
/** A graph check that reads nothing finds nothing: fewer modules than this and it did not read the project. */
const MINIMUM_MODULES = 200;
const PLANTED = 'server/core/planted-violation.ts';

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/**
 * The import rules hold, and the tool that says so can see: a violation planted for the moment must be found, and
 * the number of modules read must be plausible.
 */
export async function boundaries(): Promise<string> {
  const planted = await withPlanted(cruise);
  if (!planted.violations.some(({ from, rule }) => from === PLANTED && rule.name === 'core-alone')) {
    return 'The planted violation (core importing platform) was not found: the rules are not in force.';
  }
  if (planted.totalCruised < MINIMUM_MODULES) {
    return `Only ${planted.totalCruised} modules were read; at least ${MINIMUM_MODULES} were expected.`;
  }
  return planted.violations
    .filter(({ from }) => from !== PLANTED)
    .map(({ from, to, rule }) => `  ${rule.name}: ${from} → ${to}`)
    .join('\n');
}

async function withPlanted<T>(use: () => Promise<T>): Promise<T> {
  writeFileSync(PLANTED, "import '../platform/env';\n");
  try {
    return await use();
  } finally {
    rmSync(PLANTED, { force: true });
  }
}

async function cruise() {
  const { output } = await runTool(CRUISER, [
    ...FOLDERS,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ]);
  const read = report.safeParse(JSON.parse(output.slice(output.indexOf('{'))));
  if (!read.success) throw new Error(`dependency-cruiser gave no report: ${output.slice(0, 400)}`);
  return read.data.summary;
}
