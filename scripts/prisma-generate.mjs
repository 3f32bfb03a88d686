// Generates the database client without the schema engine, which Prisma would want to download: any existing program
// satisfies the check, and generating needs none.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STAMP = 'prisma/client/.schema-hash';
const hash = createHash('sha256');
for (const file of readdirSync('prisma/schema').sort())
  hash.update(readFileSync(join('prisma/schema', file)));
hash.update(readFileSync('node_modules/prisma/package.json'));
const wanted = hash.digest('hex');

const isCurrent = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted;
if (!(process.argv.includes('--if-changed') && isCurrent)) {
  const { status } = spawnSync(
    join('node_modules', 'node', 'bin', 'node'),
    ['node_modules/prisma/build/index.js', 'generate', '--schema', 'prisma/schema', '--no-hints'],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(STAMP, wanted);
}
