// `npm start`: runs on Node 20 or newer before anything is installed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handOver } from './start/hand-over.mjs';

await handOver('scripts/start/main.ts', (signal) => {
  endLeftOvers();
  console.error(`Millrace was ended from outside (${signal}); what it had started is stopped.`);
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
