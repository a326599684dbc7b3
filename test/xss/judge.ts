/** Vectors, shown both ways. */
import type { Browser } from 'playwright-core'
import { type Shown, showArticles, showBare } from './browser.ts'
import { ELEMENTS } from './payloads.ts'
import { serveVectors } from './served.ts'
import { HOOK, type Vector } from './vectors.ts'

export async function judgeVectors(
  browser: Browser,
  vectors: readonly Vector[],
  signal: AbortSignal,
): Promise<{ readonly bare: Shown; readonly view: Shown }> {
  const served = await serveVectors(vectors, signal)
  try {
    const html: (readonly [number, string])[] = []
    for (const at of vectors.keys()) html.push([at, await served.html(at)])
    const bare = await showBare(browser, html)
    return { bare, view: await showArticles(browser, served, vectors) }
  } finally {
    await served.close()
  }
}

/** How many of the payloads run where nothing is taken out: that what runs is noticed. */
export async function runUnsanitised(browser: Browser): Promise<number> {
  const written = ELEMENTS.map((payload, at): readonly [number, string] => [at, payload(`${HOOK}(${at})`)])
  const { wrongs } = await showBare(browser, written)
  return new Set(wrongs.filter((wrong) => /^ran: \d/.test(wrong))).size
}
