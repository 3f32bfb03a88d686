// `npm start`: runs on Node 20 or newer before anything is installed. Installs, then hands over to Node 24, which is
// a dependency like any other, and stays only to pass signals on.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertNode, ensureDependencies, NODE, stopStep } from './start/dependencies.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
assertNode();

let product;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopping = true;
    if (product) product.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    else stopStep('SIGTERM');
  });
}

try {
  await ensureDependencies((line) => console.log(line));
} catch (error) {
  if (!stopping) console.error(error.message);
  process.exit(stopping ? 130 : 1);
}
if (stopping) process.exit(130);

// A process group of its own: a Ctrl-C reaches it through here, once.
product = spawn(NODE, ['--import', 'tsx', 'scripts/start/main.ts', ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  detached: true,
});
product.on('exit', (code, signal) => {
  if (signal && !stopping) {
    endLeftOvers();
    console.error(`Millrace was ended from outside (${signal}); what it had started is stopped.`);
  }
  process.exitCode = code ?? 1;
});

/** The supervisor was killed: its children notice by themselves, the databases are stopped here. */
function endLeftOvers() {
  const data = process.env.MILLRACE_DATA || '.data';
  for (const file of ['postgres/postmaster.pid', 'redis-log/redis.pid', 'redis-queue/redis.pid']) {
    const path = join(data, file);
    if (!existsSync(path)) continue;
    const pid = Number(readFileSync(path, 'utf8').split('\n')[0]);
    try {
      if (pid > 1) process.kill(pid, file.startsWith('postgres') ? 'SIGINT' : 'SIGTERM');
    } catch {
      // Gone already.
    }
  }
}
