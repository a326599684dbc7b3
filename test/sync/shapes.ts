/** A made-up source, a feed of changes or a list that is read anew each time, with the accidents of one run. */

import type { Change, Connector } from '../../src/core/connector.ts'
import type { Body, Head } from '../../src/core/document.ts'
import type { Json } from '../../src/core/json.ts'
import type { Accidents, Life } from './life.ts'
import { bodyOf, type Page, perform, personalBodyOf, urlOf } from './world.ts'

type Cursor = { readonly mode: 'crawl' | 'feed'; readonly token: number; readonly after: string }

interface Source {
  readonly connector: Connector<unknown, Json>
}

const PAGE = 2

/** As long as a request or a body takes. So long that no real timer rings. */
export const AN_HOUR = 3_600_000

export function newSource(life: Life, run: Accidents): Source {
  const { shape, world, loop, redaction, defects } = life
  const isPersonal = redaction !== 'never'
  let requests = 0
  function request(): void {
    life.clock += AN_HOUR
    if (run.meanwhile?.at === requests) for (const operation of run.meanwhile.operations) perform(world, operation)
    if (run.failListingAt === requests++) throw new loop.UnsiloError('SOURCE_UNAVAILABLE', 'listing failed')
  }
  /** Ids after `after` in id order, a page of them; null when the request was lost and nobody was told. */
  function page(after: string): readonly string[] | null {
    try {
      request()
    } catch (thrown) {
      if (defects.swallowsListingErrors) return null
      throw thrown
    }
    return [...world.pages.keys()]
      .sort()
      .filter((pageId) => pageId > after)
      .slice(0, PAGE)
  }
  function upsert(pageId: string, page: Page): Change {
    return { type: 'upsert', head: headOf(pageId, page, isPersonal), load: async () => load(pageId, page) }
  }
  function load(pageId: string, listed: Page): Body {
    life.clock += AN_HOUR
    if (redaction !== 'changing' && life.ignored.get(pageId) === String(listed.version)) life.wronglyLoaded.push(pageId)
    if (run.meanwhile?.at === requests) for (const operation of run.meanwhile.operations) perform(world, operation)
    requests++
    const page = world.pages.get(pageId)
    const changed = page?.version !== listed.version && defects.loadsWhateverVersion !== true
    if (run.failLoadsOf.includes(pageId) || page === undefined || changed) {
      throw new loop.UnsiloError('DOCUMENT_UNREADABLE', isPersonal ? 'no body of anna@canaria.example' : 'body failed')
    }
    return isPersonal ? personalBodyOf(pageId, page) : bodyOf(pageId, page)
  }
  async function* crawl(token: number, from: string): AsyncIterable<Change> {
    let after = from
    let pages = 0
    for (;;) {
      const ids = page(after)
      pages++
      for (const pageId of ids ?? []) yield upsert(pageId, world.pages.get(pageId) as Page)
      if (ids === null || ids.length < PAGE) {
        const done = shape === 'feed' ? { mode: 'feed', token, after: '' } : { mode: 'crawl', token: 0, after: '' }
        const receipt = { pages, seen: 0, duplicates: 0, ended: 'no-next-link' as const }
        return yield { type: 'checkpoint', cursor: done, receipt }
      }
      after = ids[ids.length - 1] as string
      yield { type: 'checkpoint', cursor: { mode: 'crawl', token, after } }
    }
  }
  async function* feed(token: number): AsyncIterable<Change> {
    if (defects.givesReceiptForFeed) yield { type: 'begin' }
    let at = token
    while (at < world.log.length) {
      request()
      const changed = world.log.slice(at, at + PAGE)
      at += changed.length
      for (const pageId of changed) {
        const page = world.pages.get(pageId)
        yield page === undefined ? { type: 'delete', id: pageId } : upsert(pageId, page)
      }
      yield { type: 'checkpoint', cursor: { mode: 'feed', token: at, after: '' } }
    }
    const receipt = { pages: 1, seen: 0, duplicates: 0, ended: 'end-of-stream' as const }
    const end = { type: 'checkpoint' as const, cursor: { mode: 'feed', token: at, after: '' } }
    yield defects.givesReceiptForFeed ? { ...end, receipt } : end
  }
  async function* pull(_context: unknown, since: Json): AsyncIterable<Change> {
    const cursor = since as Cursor | null
    if (cursor === null || (shape === 'list' && cursor.after === '')) {
      yield { type: 'begin' }
      yield* crawl(world.log.length, '')
    } else if (cursor.mode === 'crawl') yield* crawl(cursor.token, cursor.after)
    else yield* feed(cursor.token)
  }
  const anything = { parse: (input: unknown) => input as Json }
  return { connector: { name: shape, config: anything, cursor: anything, pull } }
}

/** Where a page names its writer, its listing says no more than that the title changed. */
function headOf(pageId: string, page: Page, isPersonal: boolean): Head {
  return {
    id: pageId,
    version: String(page.version),
    title: isPersonal ? `Ticket ${pageId}, ${page.title.length}` : page.title,
    url: urlOf(pageId),
    updatedAt: '2026-01-01T00:00:00.000Z',
    path: ['Space'],
    kind: 'page',
    access: page.access,
  }
}
