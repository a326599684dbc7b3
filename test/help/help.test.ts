/** The Help space in a real browser: a part of what `npm run test:help` does. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checks } from './checks.ts'
import { launchChromium } from './chromium.ts'
import { wrongsOf } from './seen.ts'
import { openStage, type Stage } from './stage.ts'
import { states } from './states.ts'

const SEEN = /^(results|article|empty, dark|home, 320 px)$/
const SHORT = /^(search|read|keyboard|offline|identity|embedded)/

const browser = await launchChromium().catch((error: Error) => error)

if (browser instanceof Error) {
  const [why] = browser.message.split('\n')
  test.skip(`the Help space in a browser: Chromium can't start on this machine (${why})`)
} else {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage(browser)
  })
  afterAll(() => stage.close())

  test.each(checks.filter(({ name }) => SHORT.test(name)))('$name', ({ run }) => run(stage))

  test.each(states.filter(({ name }) => SEEN.test(name)))('nothing is in the way of anybody: $name', async (state) => {
    expect(await wrongsOf(stage, state)).toEqual([])
  })
}
