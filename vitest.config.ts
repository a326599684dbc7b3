import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    env: { TZ: 'UTC' },
    // Random histories take long on a machine that has other work.
    testTimeout: 120_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
})
