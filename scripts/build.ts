/** Builds the console ahead of the first start, as the Dockerfile does. */
import { buildConsole } from '@/scripts/start/console-build';

await buildConsole({ stopping: new AbortController().signal, onSpawn: () => undefined });
