/**
 * A batch into the index. There are no transactions: each document is one of OpenSearch's, so it is whole or absent; nothing is
 * seen until all of the batch is there; and how far the source was read is stored after that. Who is killed in between leaves
 * documents ahead of the cursor, which the next run is told of again.
 */
import { canonicalJson } from '../../core/ids.ts'
import { isWord } from '../../core/letters.ts'
import type { Batch } from '../../core/store.ts'
import { toHead } from '../rows.ts'
import { show, type Target, type Write, writeAll } from './bulk.ts'
import { lexemesIn } from './encoding.ts'
import { recordWrites, stateWrites, unreadWrite } from './ledger.ts'
import type { Opened } from './open.ts'
import { readByKey, search } from './search.ts'
import { documentKey, headRow, type Stored, storedForm, withHead } from './stored.ts'
import { withVectors } from './vectors.ts'
import { goneWrites, tokenWrites } from './vocabulary.ts'

/** Words that a writer knows to be listed, by source: so they are not sent again. */
export type KnownWords = Map<string, Set<string>>

/** What of the documents that are stored is asked for before they are replaced or removed. */
type Before = Pick<Stored, 'source' | 'chunks'>

const BEFORE = ['source', 'chunks.forAny', 'chunks.embedder', 'chunks.hash', 'chunks.numbers']
const PAGE = 20
/** Removed at a time. */
const SLICE = 2000
const MOST_KNOWN = 1_000_000

export async function applyBatch(opened: Opened, target: Target, batch: Batch, known: KnownWords): Promise<void> {
  const { source, put, remove, refresh } = batch
  const { vectors } = opened
  const keys = [...put.map(({ head }) => head.id), ...remove].map(documentKey)
  const before = await readByKey<Before>(opened.db, opened.index, [...new Set(keys)], BEFORE, PAGE)
  // What is put twice is there as it was last; what is put and removed is not there.
  const last = new Map(put.map((document) => [document.head.id, document]))
  for (const id of remove) last.delete(id)
  const documents = [...last.values()].map((document) => {
    const stored = storedForm(document)
    return vectors ? withVectors(stored, before.get(documentKey(stored.id))?.chunks ?? []) : stored
  })
  const [held, gone] = [wordsOf(documents), wordsOf([...before.values()])]
  const removed = remove.map(documentKey).filter((key) => before.get(key)?.source === source)
  const refreshed = await refreshedHeads(opened, source, refresh, documents)
  const writes = [
    ...documents.map((body): Write => ({ type: 'put', id: documentKey(body.id), body })),
    ...refreshed.map((body): Write => ({ type: 'put', id: documentKey(body.id), body })),
    ...removed.map((id): Write => ({ type: 'remove', id })),
    ...(await recordWrites(opened, batch)),
    ...tokenWrites(source, newWords(known, source, held)),
  ]
  await writeAll(opened.db, target, writes)
  await show(opened.db, opened.index)
  await forgetWords(
    opened,
    target,
    source,
    [...gone].filter((word) => !held.has(word)),
    known,
  )
  await writeAll(opened.db, target, await stateWrites(opened, batch), { refresh: true })
}

/** How far it was read goes first, so that what is left of a source is read again; its name last, so that it can be said again. */
export async function forgetSource(opened: Opened, target: Target, source: string, known: KnownWords): Promise<void> {
  const { db, index } = opened
  known.delete(source)
  const name = unreadWrite(source)
  await writeAll(db, target, [name])
  const query = { bool: { filter: [{ term: { source } }], must_not: [{ term: { type: 'source' } }] } }
  for (;;) {
    const found = await search(db, index, { query, size: SLICE, _source: false })
    if (found.hits.hits.length === 0) break
    const writes = found.hits.hits.map(({ _id: id }): Write => ({ type: 'remove', id }))
    await writeAll(db, target, writes)
    await show(db, index)
  }
  await writeAll(db, target, [{ type: 'remove', id: name.id }])
  await show(db, index)
}

/** Of those that differ. Text and chunks are read, since they are stored with the head. */
async function refreshedHeads(
  { db, index }: Opened,
  source: string,
  heads: Batch['refresh'],
  put: readonly Stored[],
): Promise<Stored[]> {
  const next = new Map(heads.map((head) => [documentKey(head.id), head]))
  const isPut = new Map(put.map((document) => [documentKey(document.id), document]))
  const found: Stored[] = []
  const stored = new Map([...(await readByKey<Stored>(db, index, [...next.keys()], undefined, PAGE)), ...isPut])
  for (const [key, head] of next) {
    const document = stored.get(key)
    if (document === undefined || document.source !== source) continue
    // A new checksum over a damaged row would make it trusted.
    toHead(db, headRow(document))
    if (document.head !== canonicalJson(head)) found.push(withHead(document, head))
  }
  return found
}

async function forgetWords(
  opened: Opened,
  target: Target,
  source: string,
  gone: readonly string[],
  known: KnownWords,
): Promise<void> {
  const writes = await goneWrites(opened, source, gone)
  if (writes.length === 0) return
  known.delete(source)
  await writeAll(opened.db, target, writes, { refresh: true })
}

/** Those that may be listed. */
function wordsOf(documents: readonly Pick<Stored, 'chunks'>[]): ReadonlySet<string> {
  const words = new Set<string>()
  for (const { chunks } of documents) {
    for (const { forAny } of chunks ?? []) for (const lexeme of lexemesIn(forAny)) if (isWord(lexeme)) words.add(lexeme)
  }
  return words
}

/** They are known once the batch is stored; one that is not stored is sent again by whoever repeats it, in another process. */
function newWords(known: KnownWords, source: string, held: ReadonlySet<string>): readonly string[] {
  const own = known.get(source) ?? new Set<string>()
  const words = [...held].filter((word) => !own.has(word))
  if (own.size + words.length > MOST_KNOWN) own.clear()
  for (const word of words) own.add(word)
  known.set(source, own)
  return words
}
