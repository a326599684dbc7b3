/** A short version of what `npm run test:publish` does with runs that end early. */
import { expect, test } from 'vitest'
import { STORIES } from './cut-stories.ts'
import { cutEverywhere } from './cuts.ts'

const NAMES = ['a changed article', 'a language with a staged change that goes and comes back', 'a changed page']

test('wherever two runs end early, the third makes it whole, and what a person wrote between them stays', async () => {
  const found = await cutEverywhere(
    STORIES.filter(({ name }) => NAMES.includes(name)),
    4,
  )

  expect(found.wrong).toEqual([])
  expect(found.histories).toBeGreaterThan(15)
  expect(found.edited).toBeGreaterThan(20)
})
