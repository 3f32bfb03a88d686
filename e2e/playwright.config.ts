import { defineConfig } from '@playwright/test';
import { browserExecutable } from './browser';

/** Journeys in a real browser against a product of their own: its own data, ports and people. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  globalSetup: './start-product.ts',
  // The journeys share one product on two cores: one after the other is both faster and steadier.
  workers: 1,
  // What is awaited is there in a second or two; on a machine with much else to do it may be twenty. Passing costs nothing.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['line'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    headless: true,
    // A picture of the end instead of a film of it all: its frames cost a third of the runner’s own time.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    viewport: { width: 1440, height: 900 },
    // What fades or slides is judged, pressed and seen as it will be, not half way.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: browserExecutable(),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
