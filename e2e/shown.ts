import type { Page } from '@playwright/test';

/** When words came to stand on a page. */
interface Shown {
  /** ms by the page's clock, of the last time they came; Infinity: never */
  at: number;
  /** ms: the longest the page stood still meanwhile. On a busy machine that is no delay of the product */
  heldUpMs: number;
}

declare global {
  interface Window {
    shown?: Shown;
  }
}

/** How often a page says that it goes on, ms. */
const BEAT_MS = 50;

/** Watches for words from now on, in the page itself: how long a test takes to look does not count. @returns what was seen */
export async function watchFor(page: Page, words: string): Promise<() => Promise<Shown>> {
  await page.evaluate(
    ([wanted, beatMs]) => {
      const shown: Shown = { at: Number.POSITIVE_INFINITY, heldUpMs: 0 };
      window.shown = shown;
      const isThere = () => document.querySelector('main')?.textContent.includes(wanted) ?? false;
      let [wasThere, beatAt] = [isThere(), performance.now()];
      setInterval(() => {
        const now = performance.now();
        shown.heldUpMs = Math.max(shown.heldUpMs, now - beatAt - beatMs);
        beatAt = now;
      }, beatMs);
      new MutationObserver(() => {
        const is = isThere();
        if (is && !wasThere) shown.at = Date.now();
        wasThere = is;
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    },
    [words, BEAT_MS] as const,
  );
  return () => page.evaluate(() => window.shown ?? { at: Number.POSITIVE_INFINITY, heldUpMs: 0 });
}
