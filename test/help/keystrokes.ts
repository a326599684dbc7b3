/** From a key to what it finds on the screen, read from the browser's own trace. */
import type { Browser, Page } from 'playwright-core'
import { field, openPage } from './opened.ts'

const QUERIES = [
  'how do I write a table',
  'nested lists',
  'literal text in AsciiDoc',
  'compact naming style',
  'mapping of simple types',
  'working example of modules',
  'task lists and status',
  'contrat de travail',
  'congé d’adoption',
  'durée du contrat vendanges',
]
/** Between two keys: 600 a minute, which few people reach. */
const KEY_MS = 100

/**
 * Milliseconds, one figure a key: from the moment that the key went down until the frame was painted that shows what was
 * found for the text with it, or for a later one where it was overtaken.
 *
 * @param count of queries
 */
export async function keystrokeTimes(
  browser: Browser,
  url: string,
  count = QUERIES.length,
): Promise<readonly number[]> {
  const { page, close } = await openPage(browser, url)
  await page.locator('#collections').waitFor()
  await page.evaluate(watch)
  await browser.startTracing(page, { categories: ['blink.user_timing'] })
  for (const query of QUERIES.slice(0, count)) await type(page, query)
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as Trace
  await close()
  return timesIn(trace)
}

async function type(page: Page, query: string): Promise<void> {
  await field(page).fill('')
  await field(page).pressSequentially(query, { delay: KEY_MS })
  await page.locator(`.results[data-query=${JSON.stringify(query)}]`).waitFor()
}

/** Runs in the page: a mark for each key at its own moment, and one behind the paint of what it found. */
function watch(): void {
  const root = document.querySelector('unsilo-help')?.shadowRoot
  if (root === null || root === undefined) throw new Error('there is no Help space here')
  let [pressedAt, typed, painted] = [0, '', '']
  root.addEventListener('keydown', ({ timeStamp }) => {
    pressedAt = timeStamp
  })
  root.addEventListener('input', (event) => {
    const value = (event.target as HTMLInputElement).value.trim()
    if (value === '' || value === typed) return
    typed = value
    performance.mark(`typed ${value}`, { startTime: pressedAt })
  })
  new MutationObserver(() => {
    const shown = root.querySelector('.results')?.getAttribute('data-query') ?? ''
    if (shown === '' || shown === painted) return
    painted = shown
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => performance.mark(`painted ${shown}`)
      port2.postMessage(null)
    })
  }).observe(root, { subtree: true, childList: true, attributes: true })
}

interface Trace {
  readonly traceEvents: readonly { readonly name: string; readonly ts: number; readonly cat: string }[]
}

function timesIn({ traceEvents }: Trace): readonly number[] {
  const marks = traceEvents.filter(({ name }) => /^(typed|painted) /.test(name)).sort((a, b) => a.ts - b.ts)
  return marks.flatMap(({ name, ts }, at) => {
    if (!name.startsWith('typed ')) return []
    const text = name.slice('typed '.length)
    const shown = marks.slice(at).find((mark) => mark.name.startsWith(`painted ${text}`))
    return shown === undefined ? [] : [(shown.ts - ts) / 1000]
  })
}

/** @param share 0.95 is the 95th percentile */
export function percentile(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? Number.POSITIVE_INFINITY
}
