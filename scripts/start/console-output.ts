const since = Date.now();
const STILL_MS = 10_000;

/** One line on the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a slow step, telling every ten seconds that it still works and at the end how long it took. */
export async function progress<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(1);
  const timer = setInterval(() => say(`${title} … ${seconds()} s`), STILL_MS);
  try {
    const result = await work();
    say(`${title}: ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** Seconds since the supervisor was started. */
export function elapsedSeconds(): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
