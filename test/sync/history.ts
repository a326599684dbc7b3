/**
 * Random histories of a source, its index and its accidents, against a model of the truth.
 *
 * A world of a few documents, some of which include others, is edited, restricted, renamed, deleted and restored, between
 * runs and in the middle of them. Every run may lose a listing request, fail a body, or die before or after any write.
 * After each run the index must hold nothing that was never true, show nobody in one document what it hides from them
 * in another, and miss nothing that was never deleted; left alone, it must become equal to the world.
 */
import fc from 'fast-check'
import type { UnsiloError as UnsiloErrorType } from '../../src/core/errors.ts'
import type { Access, Batch, Body, Change, Connector, Head, Json, RedactPolicy, Store } from '../../src/core/types.ts'
import type { SyncOptions, SyncReport } from '../../src/sync/sync.ts'
import {
  bodyOf,
  CANARY,
  mayAllRead,
  newWorld,
  type Operation,
  type Page,
  perform,
  personalBodyOf,
  personalTitle,
  shownTo,
  urlOf,
  type World,
} from './world.ts'

/** The loop under test, with its own error class: a planted copy of the sources has its own. */
export interface Loop {
  readonly syncSource: (options: SyncOptions) => Promise<SyncReport>
  readonly UnsiloError: typeof UnsiloErrorType
}

/** Defects that live in a connector rather than in the loop. */
export interface ConnectorDefects {
  readonly swallowsListingErrors?: boolean
  readonly givesReceiptForFeed?: boolean
  readonly loadsWhateverVersion?: boolean
}

export type SourceShape = 'feed' | 'list'

/**
 * `always`: every page names its writer, and redaction is on from the first run. `changing`: every run has the redaction
 * that its step says, and the last ones have it.
 */
export type Redaction = 'never' | 'always' | 'changing'

interface Accidents {
  readonly failListingAt: number | null
  readonly failLoadsOf: readonly string[]
  readonly dieAtWrite: { readonly at: number; readonly when: 'before' | 'after' } | null
  /** Operations in the middle of the run, before its n-th request. */
  readonly meanwhile: { readonly at: number; readonly operations: readonly Operation[] } | null
}

interface Step {
  readonly operations: readonly Operation[]
  /** Where redaction changes. */
  readonly redact: RedactPolicy
  readonly accidents: Accidents
}

export type History = readonly Step[]

// --- histories --------------------------------------------------------------------------------------------------

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const id = fc.constantFrom(...IDS)
const access: fc.Arbitrary<Access> = fc.constantFrom<Access>(
  'public',
  ['group:staff'],
  ['group:staff', 'group:eng'],
  [],
)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant('edit' as const), id }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), id }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('include' as const), id, targets: fc.array(id, { maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rename' as const), id }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('restrict' as const, 'redact' as const), id, access }) },
)
const accidents: fc.Arbitrary<Accidents> = fc.record({
  failListingAt: fc.option(fc.nat(5)),
  failLoadsOf: fc.subarray(IDS, { maxLength: 3 }),
  dieAtWrite: fc.option(fc.record({ at: fc.nat(3), when: fc.constantFrom('before' as const, 'after' as const) })),
  meanwhile: fc.option(fc.record({ at: fc.nat(6), operations: fc.array(operation, { maxLength: 3 }) })),
})
const redact = fc.constantFrom<RedactPolicy>(null, { patterns: [] }, { patterns: [{ name: 'rare', pattern: 'zzz' }] })
export const histories: fc.Arbitrary<History> = fc.array(
  fc.record({ operations: fc.array(operation, { maxLength: 5 }), redact, accidents }),
  { minLength: 1, maxLength: 7 },
)

const QUIET: Accidents = { failListingAt: null, failLoadsOf: [], dieAtWrite: null, meanwhile: null }

// --- the two shapes of source -----------------------------------------------------------------------------------

type Cursor = { readonly mode: 'crawl' | 'feed'; readonly token: number; readonly after: string }

interface Source {
  readonly connector: Connector<unknown, Json>
}

const PAGE = 2

function newSource({ shape, world, loop, redaction, defects }: Life, run: Accidents): Source {
  const isPersonal = redaction !== 'never'
  let requests = 0
  function request(): void {
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

// --- living through a history -----------------------------------------------------------------------------------

const SOURCE = 'world'

/** Throws when the index holds what was never true, misses what it must hold, or does not settle on the truth. */
export async function live(
  history: History,
  shape: SourceShape,
  store: Store,
  loop: Loop,
  defects: ConnectorDefects = {},
  redaction: Redaction = 'never',
): Promise<void> {
  const world = newWorld()
  const life: Life = { shape, world, store, loop, redaction, defects }
  const everStored = new Set<string>()
  for (const step of history) {
    for (const operation of step.operations) perform(world, operation)
    await run(life, step.accidents, step.redact)
    await checkNothingFalse(store, world, everStored)
    if (redaction === 'always') await checkNothingPersonal(store)
  }
  for (let quiet = 0; quiet < 2; quiet++) await run(life, QUIET)
  await checkEqual(life)
  if (redaction !== 'never') await checkNothingPersonal(store)
  const writes = await run(life, QUIET)
  for (const batch of writes) {
    const quiet = batch.put.length + batch.refresh.length + batch.remove.length + batch.failed.length === 0
    if (!quiet || batch.state !== undefined) throw new Error(`a quiet run wrote ${JSON.stringify(batch)}`)
  }
}

interface Life {
  readonly shape: SourceShape
  readonly world: World
  readonly store: Store
  readonly loop: Loop
  readonly redaction: Redaction
  readonly defects: ConnectorDefects
}

/** @param said the redaction of this run, where it changes */
async function run(life: Life, accidents: Accidents, said: RedactPolicy = { patterns: [] }): Promise<readonly Batch[]> {
  const { store, loop, redaction } = life
  const writes: Batch[] = []
  const source = newSource(life, accidents)
  const on = redaction === 'always' ? { patterns: [] } : said
  await loop.syncSource({
    redact: redaction === 'never' ? null : on,
    source: SOURCE,
    connector: source.connector,
    config: {},
    access: { level: 'staff', principals: {} },
    store: mortal(store, accidents, writes),
    fetch: () => Promise.reject(new Error('no network')),
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 1),
    runId: 'run',
    full: false,
    dryRun: false,
    allowed: { deletes: 1000, wider: 1000 },
  })
  return writes
}

/** A store whose process dies at the chosen write: nothing that comes after it happens. */
function mortal(store: Store, accidents: Accidents, writes: Batch[]): Store {
  let dead = false
  async function apply(batch: Batch): Promise<void> {
    if (dead) throw new Error('dead')
    const dies = accidents.dieAtWrite?.at === writes.length ? accidents.dieAtWrite.when : null
    writes.push(batch)
    dead = dies !== null
    if (dies === 'before') throw new Error('dies')
    await store.apply(batch)
    if (dies === 'after') throw new Error('dies')
  }
  return { ...store, apply }
}

async function checkNothingFalse(store: Store, world: World, everStored: Set<string>): Promise<void> {
  const ids = await store.ids(SOURCE)
  const stored = await store.stored(ids)
  for (const [key, document] of stored) {
    const pageId = key.slice(SOURCE.length + 1)
    const { access } = document.head
    const texts = [...document.markdown.matchAll(/Text of (\w), (version \d+)\./g)]
    if (texts[0]?.[1] !== pageId) throw new Error(`${key}: holds no text of its own: ${document.markdown}`)
    for (const [text, of = '', version] of texts) {
      const readers = world.readers.get(`${of}@${version?.slice(8)}`)
      if (readers === undefined) throw new Error(`${key}: holds a text that never was: ${text}`)
      for (const reader of access === 'public' ? ['public'] : access) {
        if (!readers.has(reader) && !readers.has('public')) {
          throw new Error(`${key}: ${reader} reads ${text} which never was theirs`)
        }
      }
      const own = stored.get(`${SOURCE}:${of}`)?.head.access
      if (own === undefined || !mayAllRead(access, own)) throw new Error(`${key}: shows ${text} which is hidden`)
    }
    everStored.add(pageId)
  }
  for (const pageId of everStored) {
    if (world.deletedOnce.has(pageId) || ids.includes(`${SOURCE}:${pageId}`)) continue
    throw new Error(`${pageId} was never deleted and is missing`)
  }
}

async function checkNothingPersonal(store: Store): Promise<void> {
  const documents = [...(await store.stored(await store.ids(SOURCE))).values()]
  const chunks = await Promise.all(documents.map(({ head }) => store.chunks(head.id)))
  const said = JSON.stringify([documents, chunks, await store.quarantine(SOURCE), await store.runs(SOURCE, 9)])
  for (const word of [...CANARY.split(' '), 'canaria']) {
    if (said.includes(word)) throw new Error(`the index says ${word}: ${said}`)
  }
}

async function checkEqual({ store, world, redaction }: Life): Promise<void> {
  const isPersonal = redaction !== 'never'
  const stored = await store.stored(await store.ids(SOURCE))
  const found = [...stored.values()].map(({ head, markdown }) => [
    ...[head.id, head.version, head.title, markdown.trim()],
    head.access,
  ])
  const truth = [...world.pages].map(([pageId, page]) => [
    `${SOURCE}:${pageId}`,
    ...[String(page.version), isPersonal ? personalTitle(page.title) : page.title],
    shownTo(page.access, world, pageId, isPersonal),
    page.access === 'public' ? 'public' : [...page.access].sort(),
  ])
  const [a, b] = [found, truth].map((rows) =>
    JSON.stringify(rows.sort((x, y) => (String(x[0]) < String(y[0]) ? -1 : 1))),
  )
  if (a !== b) throw new Error(`the index settled on ${a}\nbut the truth is ${b}`)
}
