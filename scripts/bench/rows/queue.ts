import { chromium, type Page } from '@playwright/test';
import { browserExecutable } from '../../../e2e/browser';
import type { OwnProduct } from '../../own-product';
import { droppedFrames } from '../frames';
import { percentiles } from '../percentiles';
import { sleep } from '../processes';
import { sendBatch, signIn } from '../screen';
import { BenchProduct } from './bench-product';
import type { Row } from './row';

/** Frames that a scroll leaves out, of those the screen would have shown. */
const BAR = { droppedShareAtMost: 0.01 };
const WAITING = 10_000;
const BACKGROUND_RATE = 1_000;
const LIST = '[aria-label="Customers who wait"]';
const WHEEL_EVERY_MS = 40;
const WHEEL_PX = 240;
/** As text: what the loader adds to named functions is not there in the page. */
const NOTE_FRAMES = `{
  const times = [];
  const next = (time) => {
    times.push(time);
    if (window.millraceFrames === times) requestAnimationFrame(next);
  };
  window.millraceFrames = times;
  requestAnimationFrame(next);
}`;

/** Scrolling through a queue of 10,000 waiting customers on the Desk, at rest and while events come in. */
export const queue: Row = async ({ seconds, say }) => {
  say('starting a product …');
  const bench = await BenchProduct.start();
  const browser = await chromium.launch({ executablePath: browserExecutable(), args: ['--no-sandbox'] });
  try {
    say(`${WAITING} customers come into the queue …`);
    await fillQueue(bench.product);
    await bench.drain();
    const page = await (await browser.newContext()).newPage();
    await signIn(page, bench.product, 'agent');
    await page.waitForFunction(
      ([list, rows]) => document.querySelector(`${list} [aria-setsize="${rows}"]`) !== null,
      [LIST, WAITING] as const,
    );
    say('scrolling …');
    const atRest = await scroll(page, seconds);
    const background = bench.load({ connections: 4, rate: BACKGROUND_RATE, seconds, seed: 81 });
    const whileEventsCome = await scroll(page, seconds);
    await background;
    return {
      waiting: WAITING,
      atRest,
      whileEventsCome,
      bar: BAR,
      holds: atRest.dropped <= BAR.droppedShareAtMost && whileEventsCome.dropped <= BAR.droppedShareAtMost,
    };
  } finally {
    await browser.close();
    await bench.stop();
  }
};

/** A cart whose payment fails puts its customer into the queue. */
async function fillQueue(product: OwnProduct): Promise<void> {
  for (let first = 0; first < WAITING; first += 25) {
    const customers = Array.from({ length: 25 }, (_, index) => `waiting-${first + index}`);
    await sendBatch(
      product,
      customers.flatMap((customer) => [
        { customer, event: 'Product Added' },
        { customer, event: 'Payment Failed' },
      ]),
    );
  }
}

/** Turns the wheel over the list, down and up again, and notes how far apart the page's frames are. */
async function scroll(page: Page, seconds: number) {
  await page.locator(LIST).hover();
  await page.evaluate(NOTE_FRAMES);
  const began = Date.now();
  for (const end = began + seconds * 1_000; Date.now() < end; await sleep(WHEEL_EVERY_MS)) {
    const goesDown = Math.floor((Date.now() - began) / 5_000) % 2 === 0;
    await page.mouse.wheel(0, goesDown ? WHEEL_PX : -WHEEL_PX);
  }
  const times = await page.evaluate(() =>
    (window as unknown as { millraceFrames: number[] }).millraceFrames.splice(0),
  );
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return { frameMs: percentiles(gaps), dropped: droppedFrames(gaps) };
}
