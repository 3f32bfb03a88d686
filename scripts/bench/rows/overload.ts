import { BATCH } from '../load-options';
import { countedEvents, get } from '../product-figures';
import { BenchProduct } from './bench-product';
import type { Row } from './row';

const BAR = { goodputOfPipeline: 0.9, answerP99Ms: 250, lost: 0 };
/** What the whole pipeline is held to, of L. */
const PIPELINE_OF_L = 0.35;
const OVERLOAD = 3;

/**
 * Three times what the pipeline is held to is offered, by clients that each have a batch a second to send, wait as long as
 * they are told to, and then send the same again. Every attempt of theirs counts as sent: what is turned away costs too.
 */
export const overload: Row = async (context) => {
  const { L } = await context.limit();
  const pipelineBar = Math.round(PIPELINE_OF_L * L);
  const rate = OVERLOAD * pipelineBar;
  context.say('starting a product …');
  const bench = await BenchProduct.start();
  try {
    context.say('warming up …');
    await bench.load({ connections: 16, rate: 0, seconds: Math.max(5, context.seconds / 2), seed: 51 });
    await bench.drain();
    const before = (await get<{ events: number }>(bench.product, 'totals')).events;
    context.say(`offering ${rate}/s, ${OVERLOAD} times ${pipelineBar}/s …`);
    const connections = Math.max(1, Math.round(rate / BATCH));
    const sent = await bench.load({ connections, rate, seconds: context.seconds, seed: 52, givesUp: true });
    const drainSeconds = await bench.drain();
    const counted = (await countedEvents(bench.product, before + sent.accepted)) - before;
    // Of what was given up without an answer some may have been taken: that hides no loss of what was acknowledged.
    const lost = Math.max(0, sent.accepted - counted);
    const goodput = Math.round(Math.min(counted, sent.accepted) / (sent.seconds + drainSeconds));
    const goodputOfPipeline = Math.round((goodput / pipelineBar) * 1_000) / 1_000;
    return {
      L,
      pipelineBar,
      offeredPerSecond: rate,
      sentPerSecond: Math.round(sent.sent / sent.seconds),
      connections,
      accepted: sent.accepted,
      counted,
      lost,
      unknown: sent.unknown,
      turnedAway: sent.turnedAway,
      goodput,
      goodputOfPipeline,
      drainSeconds,
      answerMs: sent.answerMs,
      ackMs: sent.ackMs,
      bar: { ...BAR, turnedAwayAtLeast: 1 },
      holds:
        goodputOfPipeline >= BAR.goodputOfPipeline &&
        sent.turnedAway > 0 &&
        sent.answerMs.p99 <= BAR.answerP99Ms &&
        lost === 0,
    };
  } finally {
    await bench.stop();
  }
};
