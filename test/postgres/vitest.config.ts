/** The suites that `npm run test:postgres` runs; `npm test` runs the short one. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/postgres/*.suite.ts'],
    setupFiles: ['test/setup.ts'],
    env: { TZ: 'UTC' },
    testTimeout: 120_000,
    hookTimeout: 30_000,
    maxWorkers: 1,
  },
})
