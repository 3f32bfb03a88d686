import { existsSync } from 'node:fs';
import { progress, say } from './console-output';
import { runTool, type ToolOptions } from './run-tool';

const ENTRY = 'prisma/seed/main.ts';

/** People, keys and definitions of the demo, or the one-time link of the first set-up; doing it again changes nothing. */
export async function runSeed(options: ToolOptions): Promise<void> {
  if (!existsSync(ENTRY)) {
    say(`The seed is left out: ${ENTRY} is missing.`);
    return;
  }
  await progress('Seeding', () => runTool('Seeding', ['--import', 'tsx', ENTRY], options));
}
