/**
 * Sends batches of generated events to a collector over keep-alive connections and reports what was answered. Runs
 * as a process of its own, so that its cost is on the same cores as in production of the figures, but not in the same loop.
 *
 * Usage: load-generator <url> <writeKey> <seconds> <connections> <eventsPerSecond, 0 = as fast as it is taken> [seed] [customers]
 * Prints one JSON object: { accepted, refused, retried, seconds, perSecond, ackMs: { p50, p95, p99, max } }.
 */
import http from 'node:http';
import { batchMaker } from './event-maker';
import { percentiles } from './percentiles';

const BATCH = 50;
const [
  url = '',
  writeKey = '',
  secondsText = '10',
  connectionsText = '8',
  rateText = '0',
  seedText = '1',
  customersText = '100000',
] = process.argv.slice(2);
const seconds = Number(secondsText);
const connections = Number(connectionsText);
const rate = Number(rateText);
const target = new URL('/v1/batch', url);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;
const makeBatch = batchMaker({ customers: Number(customersText), seed: Number(seedText) });

let accepted = 0;
let refused = 0;
let retried = 0;
const acknowledgements: number[] = [];

interface Answer {
  status: number;
  retryAfterMs: number;
}

function post(body: Buffer): Promise<Answer> {
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

async function sendUntilTaken(body: Buffer, deadline: number): Promise<void> {
  const started = performance.now();
  while (Date.now() < deadline + 30_000) {
    const answer = await post(body).catch(() => ({ status: 0, retryAfterMs: 200 }));
    if (answer.status === 200) {
      accepted += BATCH;
      acknowledgements.push(performance.now() - started);
      return;
    }
    if (answer.status === 400 || answer.status === 401 || answer.status === 413) {
      refused += BATCH;
      return;
    }
    retried += 1;
    await new Promise((resolve) => setTimeout(resolve, Math.min(answer.retryAfterMs, 2_000)));
  }
}

/** One connection's loop: paced when a rate is given, else one request after the other. */
async function drive(index: number, start: number, deadline: number): Promise<void> {
  const paceMs = rate > 0 ? (BATCH * connections * 1_000) / rate : 0;
  let due = start + (index * paceMs) / connections;
  while (Date.now() < deadline) {
    const waitMs = due - Date.now();
    if (paceMs > 0 && waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    due += paceMs;
    await sendUntilTaken(Buffer.from(makeBatch(BATCH, Date.now())), deadline);
  }
}

const start = Date.now();
await Promise.all(Array.from({ length: connections }, (_, i) => drive(i, start, start + seconds * 1_000)));
const elapsed = (Date.now() - start) / 1_000;
process.stdout.write(
  `${JSON.stringify({
    accepted,
    refused,
    retried,
    seconds: elapsed,
    perSecond: Math.round(accepted / elapsed),
    ackMs: percentiles(acknowledgements),
  })}\n`,
);
agent.destroy();
