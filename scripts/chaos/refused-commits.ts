const EVERY_MS = 400;
const DEADLINE_MS = 300;
const REFUSALS = /^millrace_stream_commits_total\{.*result="(?<result>[A-Z_]+)".*\} (?<count>\d+)/gm;

/**
 * Adds up refused commits over all starts of a worker: its counters begin anew with each. What is counted between the
 * last look and a kill is not seen, so that the sums are a lower bound.
 */
export class RefusedCommits {
  readonly sums = new Map<string, number>();
  readonly #last = new Map<string, number>();
  readonly #ports: readonly number[];
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    await Promise.all(this.#ports.map((port) => this.#lookAt(port)));
  }

  async #lookAt(port: number): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
      .then((response) => response.text())
      .catch(() => '');
    for (const { groups } of answer.matchAll(REFUSALS)) {
      const { result = '', count = '0' } = groups ?? {};
      const key = `${port} ${result}`;
      const before = this.#last.get(key) ?? 0;
      const now = Number(count);
      this.#last.set(key, now);
      this.sums.set(result, (this.sums.get(result) ?? 0) + (now >= before ? now - before : now));
    }
  }
}
