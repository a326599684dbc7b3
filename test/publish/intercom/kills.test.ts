/** A short version of `npm run test:publish`. */
import { expect, test } from 'vitest'
import { killPublishing } from './kills.ts'

test('whenever publishing is killed, nothing is there twice, and the next run makes it whole', async () => {
  const found = await killPublishing({ kills: 5, seed: 3 })

  expect(found).toMatchObject({ kills: 5, duplicates: 0, plansNotEmpty: 0, wrong: [] })
})
