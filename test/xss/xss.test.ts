/** A short version of `npm run xss`. */
import { afterAll, expect, test } from 'vitest'
import { launchChromium } from '../help/chromium.ts'
import { judgeVectors, runUnsanitised } from './judge.ts'
import { vectors } from './vectors.ts'

const SHARE = 40

const browser = await launchChromium().catch((error: Error) => error)

if (browser instanceof Error) {
  const [why] = browser.message.split('\n')
  test.skip(`scripts in pages: Chromium can't start on this machine (${why})`)
} else {
  afterAll(() => browser.close())

  test('what runs where nothing is taken out is noticed', async () => {
    expect(await runUnsanitised(browser)).toBeGreaterThanOrEqual(30)
  })

  test('of scripts in pages of every kind of source, none runs', async () => {
    const some = vectors().filter((_, at) => at % SHARE === 0)
    const { bare, view } = await judgeVectors(browser, some, new AbortController().signal)

    expect(some.length).toBeGreaterThan(100)
    expect([...bare.wrongs, ...view.wrongs]).toEqual([])
  })
}
