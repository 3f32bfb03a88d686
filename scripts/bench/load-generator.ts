/**
 * Sends batches of generated events to a collector over keep-alive connections and reports what was answered. Runs
 * as a process of its own, so that its cost is on the same cores as in production of the figures, but not in the same loop.
 *
 * Usage: load-generator <LoadOptions as JSON>
 * Prints one JSON object: LoadFigures.
 */
import http from 'node:http';
import { batchMaker } from './event-maker';
import { BATCH, type LoadFigures, type LoadOptions } from './load-options';
import { percentiles } from './percentiles';

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions;
const { connections, rate, seed = 1, customers = 100_000, agoMs = 0, timeFactor = 1 } = options;
const eventLimit = options.events ?? Number.POSITIVE_INFINITY;
const target = new URL('/v1/batch', options.url);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const authorizations = [options.writeKey]
  .flat()
  .map((key) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`);
const makeBatch = batchMaker({ customers, seed, inTurn: options.inTurn });
/** After the end, how long what was not taken is sent again, ms. */
const PATIENCE_MS = options.givesUp ? 0 : 30_000;
const NO_ANSWER = { status: 0, retryAfterMs: 200 };
/** Final answers: the same would be said again. */
const REFUSALS = new Set([400, 401, 413]);

const counts = { accepted: 0, refused: 0, retried: 0, turnedAway: 0, sent: 0, unknown: 0, made: 0 };
const acknowledgements: number[] = [];
const answers: number[] = [];

interface Answer {
  status: number;
  retryAfterMs: number;
}

/** Never less: a timer may end some milliseconds early by this clock, and one more request would then be within the time. */
async function pause(ms: number): Promise<void> {
  const end = Date.now() + ms;
  for (let left = ms; left > 0; left = end - Date.now())
    await new Promise((resolve) => setTimeout(resolve, left));
}

function post(body: Buffer, authorization: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      target,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': body.length, authorization },
      },
      (response) => {
        response.resume();
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            retryAfterMs: Number(response.headers['retry-after'] ?? 1) * 1_000,
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function sendUntilTaken(body: Buffer, authorization: string, deadline: number): Promise<void> {
  const started = performance.now();
  let isKnown = true;
  while (Date.now() < deadline + PATIENCE_MS) {
    const attempted = performance.now();
    counts.sent += BATCH;
    const answer = await post(body, authorization).catch(() => NO_ANSWER);
    if (answer.status === 200) {
      counts.accepted += BATCH;
      answers.push(performance.now() - attempted);
      acknowledgements.push(performance.now() - started);
      return;
    }
    if (REFUSALS.has(answer.status)) {
      counts.refused += BATCH;
      return;
    }
    // Of the others, a part may be in the log.
    if (answer.status === 429) counts.turnedAway += 1;
    else isKnown = false;
    counts.retried += 1;
    await pause(Math.min(answer.retryAfterMs, Math.max(0, deadline + PATIENCE_MS - Date.now())));
  }
  if (!isKnown) counts.unknown += BATCH;
}

/** One connection's loop: paced when a rate is given, else one request after the other. */
async function drive(index: number, start: number, deadline: number): Promise<void> {
  const paceMs = rate > 0 ? (BATCH * connections * 1_000) / rate : 0;
  let due = start + (index * paceMs) / connections;
  while (Math.max(Date.now(), due) < deadline && counts.made < eventLimit) {
    const waitMs = due - Date.now();
    if (paceMs > 0 && waitMs > 0) await pause(waitMs);
    due += paceMs;
    const eventTime = start - agoMs + (Date.now() - start) * timeFactor;
    const authorization = authorizations[(counts.made / BATCH) % authorizations.length] ?? '';
    counts.made += BATCH;
    await sendUntilTaken(Buffer.from(makeBatch(BATCH, eventTime)), authorization, deadline);
  }
}

const start = Date.now();
const deadline = start + options.seconds * 1_000;
await Promise.all(Array.from({ length: connections }, (_, i) => drive(i, start, deadline)));
const elapsed = (Date.now() - start) / 1_000;
const { made, ...counted } = counts;
const figures: LoadFigures = {
  ...counted,
  offered: rate > 0 ? Math.round(rate * Math.min(elapsed, options.seconds)) : made,
  seconds: elapsed,
  perSecond: Math.round(counts.accepted / elapsed),
  ackMs: percentiles(acknowledgements),
  answerMs: percentiles(answers),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
agent.destroy();
