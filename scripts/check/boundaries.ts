import { rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { runTool } from './tool';

const CRUISER = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';
const FOLDERS = ['app', 'components', 'server', 'workers', 'scripts'];
/** A graph check that reads nothing finds nothing: fewer modules of ours than this and it did not read the project. */
const MINIMUM_MODULES = 500;
/** Core importing platform, two files importing each other, and a package read too early: each must be seen. */
const PLANTED = {
  'server/core/planted-violation.ts': "import '../platform/env';\nimport './planted-cycle';\n",
  'server/core/planted-cycle.ts': "import './planted-violation';\nimport '@platformatic/kafka';\n",
};
const MUST_BE_FOUND = ['core-alone', 'no-cycles', 'kafka-on-demand'];

const report = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/**
 * The import rules hold, and the tool that says so can see: violations planted for the moment must be found, and the
 * number of modules read must be plausible.
 */
export async function boundaries(): Promise<string> {
  const { modules, summary } = await withPlanted(cruise);
  const unseen = MUST_BE_FOUND.filter(
    (name) => !summary.violations.some(({ from, rule }) => from in PLANTED && rule.name === name),
  );
  if (unseen.length > 0) return `Planted violations were not found (${unseen}): the rules are not in force.`;
  const ours = modules.filter(({ source }) => FOLDERS.some((folder) => source.startsWith(`${folder}/`)));
  if (ours.length < MINIMUM_MODULES) {
    return `Only ${ours.length} modules were read; at least ${MINIMUM_MODULES} were expected.`;
  }
  return summary.violations
    .filter(({ from }) => !(from in PLANTED))
    .map(({ from, to, rule }) => `  ${rule.name}: ${from} → ${to}`)
    .join('\n');
}

async function withPlanted<T>(use: () => Promise<T>): Promise<T> {
  try {
    for (const [path, source] of Object.entries(PLANTED)) writeFileSync(path, source);
    return await use();
  } finally {
    for (const path of Object.keys(PLANTED)) rmSync(path, { force: true });
  }
}

async function cruise() {
  const { code, output, stdout } = await runTool(CRUISER, [
    ...FOLDERS,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ]);
  // As JSON it reports violations with code 0; anything else means that it did not run.
  if (code !== 0) throw new Error(`dependency-cruiser ended with ${code}: ${output.slice(0, 400)}`);
  return report.parse(JSON.parse(stdout));
}
