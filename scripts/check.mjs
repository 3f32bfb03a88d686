// `npm run check`: types, lint, boundaries, dead and doubled code, known vulnerabilities.
import { handOver } from './start/hand-over.mjs';

await handOver('scripts/check/main.ts');
