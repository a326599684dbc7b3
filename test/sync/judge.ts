/** What an index may hold, and what it must, held against the world that it is of. */
import type { Store } from '../../src/core/store.ts'
import type { Life } from './life.ts'
import { CANARY, mayAllRead, personalTitle, shownTo, type World } from './world.ts'

/** The source's name in the index. */
export const SOURCE = 'world'

/** After a run that heard all that there was to hear: whoever lost access has lost it, whatever else was kept back. */
export async function checkNarrow({ store, world }: Life): Promise<void> {
  for (const { head } of (await store.stored(await store.ids(SOURCE))).values()) {
    const page = world.pages.get(head.id.slice(SOURCE.length + 1))
    if (page === undefined || mayAllRead(head.access, page.access)) continue
    throw new Error(`${head.id}: read by ${head.access} though it is for ${page.access}`)
  }
}

/** Pages whose version is ignored: the old text may stay, though the source has a new one. */
export async function ignoredNow({ store }: Life): Promise<ReadonlySet<string>> {
  const failures = await store.quarantine(SOURCE)
  return new Set(failures.flatMap(({ id, ignored }) => (ignored === true ? [id] : [])))
}

export async function checkNothingFalse(store: Store, world: World, everStored: Set<string>): Promise<void> {
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

export async function checkNothingPersonal(store: Store): Promise<void> {
  const documents = [...(await store.stored(await store.ids(SOURCE))).values()]
  const chunks = await Promise.all(documents.map(({ head }) => store.chunks(head.id)))
  const said = JSON.stringify([documents, chunks, await store.quarantine(SOURCE), await store.runs(SOURCE, 9)])
  for (const word of [...CANARY.split(' '), 'canaria']) {
    if (said.includes(word)) throw new Error(`the index says ${word}: ${said}`)
  }
}

/** @param but ids of which the index may hold another text than the source, and others may show that */
export async function checkEqual(
  { store, world, redaction }: Life,
  but: ReadonlySet<string> = new Set(),
): Promise<void> {
  const isPersonal = redaction !== 'never'
  const stored = await store.stored(await store.ids(SOURCE))
  const isOld = (key: string): boolean => {
    const page = world.pages.get(key.slice(SOURCE.length + 1))
    return but.has(key) || (but.size > 0 && (page?.targets.length ?? 0) > 0)
  }
  const found = [...stored.values()]
    .filter(({ head }) => !isOld(head.id))
    .map(({ head, markdown }) => [...[head.id, head.version, head.title, markdown.trim()], head.access])
  const pages = [...world.pages].filter(([pageId]) => !isOld(`${SOURCE}:${pageId}`))
  const truth = pages.map(([pageId, page]) => [
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
