// `npm test`: all that is needed on a fresh clone, then every test; runs on Node 20 or newer before anything is installed.
import { handOver } from './start/hand-over.mjs';

await handOver('scripts/test/main.ts');
