/**
 * `npm run xss [-- --quick]`: scripts that somebody wrote into pages, in every kind of source, shown by a real browser: as
 * the HTML that the API gives away, by itself, and in the article view of the Help space. Exits 1 when anything runs, could
 * run, or breaks the page's policy.
 */
import { launchChromium } from '../help/chromium.ts'
import { judgeVectors, runUnsanitised } from './judge.ts'
import { vectors } from './vectors.ts'

/** Of them all, evenly. */
const QUICK = 1200
const LEAST = 1000
/** Of payloads that are shown as they are: else nothing would be noticed. */
const LEAST_NOTICED = 30
const MOST_NAMED = 20

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
const browser = await launchChromium()
try {
  const all = vectors()
  const step = process.argv.includes('--quick') ? all.length / QUICK : 1
  const some = all.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
  const noticed = await runUnsanitised(browser)
  const { bare, view } = await judgeVectors(browser, some, interrupted.signal)
  for (const wrong of [...bare.wrongs, ...view.wrongs].slice(0, MOST_NAMED)) console.log(wrong)
  console.log(`as they are, without us            ${noticed} payloads ran, at least ${LEAST_NOTICED}`)
  console.log(`the API's HTML by itself           ${bare.shown} vectors, ${bare.wrongs.length} wrong, at most 0`)
  console.log(`the article view                   ${view.shown} vectors, ${view.wrongs.length} wrong, at most 0`)
  const isGood = noticed >= LEAST_NOTICED && some.length >= LEAST && bare.wrongs.length + view.wrongs.length === 0
  const sum = `${some.length} of ${all.length} vectors, ${bare.wrongs.length} and ${view.wrongs.length} wrong`
  console.log(`xss: ${sum}: ${isGood ? 'all targets met' : 'missed'}`)
  process.exitCode = isGood ? 0 : 1
} finally {
  await browser.close()
}
