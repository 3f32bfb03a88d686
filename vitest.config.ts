import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['{app,components,server,workers,scripts,prisma}/**/*.test.{ts,tsx}'],
    globalSetup: ['server/platform/testing/global-setup.ts'],
    // Most of a test's time is waiting, for Postgres, Redis and timers: two files at once keep two cores busy.
    maxWorkers: 2,
    // Ends what hangs. On a machine that does ten other things, what takes seconds takes minutes.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A test that forgot a promise fails here rather than in another file.
    dangerouslyIgnoreUnhandledErrors: false,
    // Its files import folders, which Node does not resolve by itself.
    server: { deps: { inline: ['dt-sql-parser'] } },
  },
});
