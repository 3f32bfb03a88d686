import { BATCH } from '../load-options';
import { countedEvents, get } from '../product-figures';
import { BenchProduct } from './bench-product';
import type { Row } from './row';

const BAR = { goodputOfPipeline: 0.9, answerP99Ms: 250, lost: 0 };
/** What the whole pipeline is held to, of L. */
const PIPELINE_OF_L = 0.35;
const OVERLOAD = 3;
/** Lag past which traffic is turned away here, s: what a user allows for is not waited for. */
const BEHIND_SECONDS = 5;
/** Until that lag is there, has been judged and is acted on, s. */
const LEAD_SECONDS = 40;

/**
 * Three times what the pipeline is held to is offered, by clients that each have a batch a second to send, wait as long as
 * they are told to, and then send the same again. Every attempt of theirs counts as sent: what is turned away costs too.
 * Measured once traffic is being turned away.
 */
export const overload: Row = async (context) => {
  const { L } = await context.limit();
  const pipelineBar = Math.round(PIPELINE_OF_L * L);
  const rate = OVERLOAD * pipelineBar;
  const connections = Math.max(1, Math.round(rate / BATCH));
  context.say('starting a product …');
  const bench = await BenchProduct.start({ SHED_BEHIND_SECONDS: String(BEHIND_SECONDS) });
  try {
    context.say('warming up …');
    await bench.load({ connections: 16, rate: 0, seconds: Math.max(5, context.seconds / 2), seed: 51 });
    await bench.drain();
    const before = (await get<{ events: number }>(bench.product, 'totals')).events;
    context.say(`offering ${rate}/s, ${OVERLOAD} times ${pipelineBar}/s, until it is turned away …`);
    const lead = await bench.load({ connections, rate, seconds: LEAD_SECONDS, seed: 52, givesUp: true });
    context.say('measuring …');
    const began = { at: Date.now(), processed: await bench.processed() };
    const sent = await bench.load({ connections, rate, seconds: context.seconds, seed: 53, givesUp: true });
    const processed = (await bench.processed()) - began.processed;
    const goodput = Math.round((processed * 1_000) / (Date.now() - began.at));
    const drainSeconds = await bench.drain();
    const accepted = lead.accepted + sent.accepted;
    const counted = (await countedEvents(bench.product, before + accepted)) - before;
    // Of what was given up without an answer some may have been taken: that hides no loss of what was acknowledged.
    const lost = Math.max(0, accepted - counted);
    const goodputOfPipeline = Math.round((goodput / pipelineBar) * 1_000) / 1_000;
    return {
      L,
      pipelineBar,
      offeredPerSecond: rate,
      sentPerSecond: Math.round(sent.sent / sent.seconds),
      connections,
      accepted: sent.accepted,
      unknown: sent.unknown,
      turnedAway: sent.turnedAway,
      goodput,
      goodputOfPipeline,
      drainSeconds,
      answerMs: sent.answerMs,
      ackMs: sent.ackMs,
      whole: { accepted, counted, lost, turnedAway: lead.turnedAway + sent.turnedAway },
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
