import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { browserExecutable } from '@/e2e/browser';
import { installSystemPackage } from '@/scripts/start/system-package';

const MISSING =
  'The journeys need a browser and none could be installed from here; install Chromium (apt-get install chromium, or npx playwright install chromium).';

/** A browser for the journeys: of this machine, of Playwright, or installed now. */
export async function ensureBrowser(path: string, say: (line: string) => void): Promise<void> {
  if (isThere(path)) return;
  await installSystemPackage({ title: 'a browser', apt: 'chromium', brew: 'chromium' }, say);
  if (!isThere(path)) throw new Error(MISSING);
}

function isThere(path: string): boolean {
  return browserExecutable(path) !== undefined || existsSync(chromium.executablePath());
}
