/** The suite that `npm run test:opensearch` runs, on a cluster that it starts. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/opensearch/*.suite.ts'],
    setupFiles: ['test/setup.ts'],
    env: { TZ: 'UTC' },
    testTimeout: 120_000,
    hookTimeout: 30_000,
    maxWorkers: 1,
  },
})
