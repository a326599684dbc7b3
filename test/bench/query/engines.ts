/** Who is asked, behind one signature. The peers know nothing of readers, so they are asked without one. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { search } from '../../../src/query/search.ts'
import type { Kind, Question } from './questions.ts'

export const PEERS = ['MiniSearch', 'Orama', 'LanceDB'] as const
export type Peer = (typeof PEERS)[number]
export type Engine = 'unsilo' | Peer

/** What a peer has no way to ask; the others are asked for in the way that it has. */
export const CANNOT: Readonly<Record<Peer, readonly Kind[]>> = {
  MiniSearch: ['phrase'],
  Orama: ['phrase'],
  LanceDB: ['prefix'],
}

/** Returns how many passages answered. */
export type Ask = (question: Question) => Promise<number>

interface Row {
  readonly id: string
  readonly title: string
  readonly headings: string
  readonly text: string
  readonly labels: string[]
}

const LIMIT = 10
const AS = ['group:staff'] as const

export async function openUnsilo(path: string): Promise<Ask> {
  const store = await openSqlite(path, { mode: 'read' })
  return async ({ text, label, isUnfinished }) => {
    const query = {
      text,
      as: AS,
      limit: LIMIT,
      ...(label && { labels: [label] }),
      ...(isUnfinished && { isUnfinished }),
    }
    return (await search(store, query)).length
  }
}

/** Builds the peer's index of what unsilo's holds. */
export async function openPeer(peer: Peer, path: string, folder: string): Promise<Ask> {
  if (peer === 'MiniSearch') return await openMiniSearch(path)
  return peer === 'Orama' ? await openOrama(path) : await openLance(path, folder)
}

async function openMiniSearch(path: string): Promise<Ask> {
  const { default: MiniSearch } = await load('minisearch')
  const index = new MiniSearch({ fields: ['title', 'headings', 'text'], storeFields: ['labels'] })
  for await (const row of rowsOf(path)) index.add(row)
  return async ({ text, label, mode }) => {
    const filter = label === undefined ? {} : { filter: ({ labels }: Row) => labels.includes(label) }
    const options = { ...filter, prefix: mode === 'prefix', fuzzy: mode === 'typo' ? 0.2 : false, boost: { title: 3 } }
    return index.search(text, options).slice(0, LIMIT).length
  }
}

async function openOrama(path: string): Promise<Ask> {
  const { create, insertMultiple, search: ask } = await load('@orama/orama')
  const db = create({
    schema: { title: 'string', headings: 'string', text: 'string', labels: 'enum[]' },
  })
  const rows: Row[] = []
  for await (const row of rowsOf(path)) {
    rows.push(row)
    if (rows.length >= 1000) await insertMultiple(db, rows.splice(0))
  }
  await insertMultiple(db, rows)
  return async ({ text, label, mode }) => {
    const where = label === undefined ? {} : { where: { labels: { containsAny: [label] } } }
    const found = await ask(db, { term: text, limit: LIMIT, ...where, tolerance: mode === 'typo' ? 1 : 0 })
    return found.hits.length
  }
}

async function openLance(path: string, folder: string): Promise<Ask> {
  const { connect, Index, MatchQuery, PhraseQuery } = await load('@lancedb/lancedb')
  rmSync(folder, { recursive: true, force: true })
  const db = await connect(folder)
  let table: {
    add(rows: unknown): Promise<unknown>
    createIndex(column: string, options: unknown): Promise<void>
    query(): LanceQuery
  } | null = null
  for await (const rows of blocksOf(path, 5000)) {
    const plain = rows.map(({ labels, ...row }) => ({ ...row, labels: ` ${labels.join(' ')} ` }))
    if (table === null) table = await db.createTable('chunks', plain)
    else await table.add(plain)
  }
  // Its own list would leave out the common words that are asked for.
  const config = Index.fts({ withPosition: true, removeStopWords: false, asciiFolding: true })
  await table?.createIndex('text', { config })
  return async ({ text, label, mode }) => {
    const match =
      mode === 'phrase'
        ? new PhraseQuery(text.replaceAll('"', ''), 'text')
        : new MatchQuery(text, 'text', { fuzziness: mode === 'typo' ? 1 : 0 })
    const query = table?.query().fullTextSearch(match).limit(LIMIT)
    const filtered = label === undefined ? query : query?.where(`labels LIKE '% ${label} %'`)
    return (await filtered?.toArray())?.length ?? 0
  }
}

interface LanceQuery {
  fullTextSearch(query: unknown): LanceQuery
  limit(most: number): LanceQuery
  where(sql: string): LanceQuery
  toArray(): Promise<readonly unknown[]>
}

async function* blocksOf(path: string, size: number): AsyncGenerator<Row[]> {
  const rows: Row[] = []
  for await (const row of rowsOf(path)) {
    rows.push(row)
    if (rows.length >= size) yield rows.splice(0)
  }
  if (rows.length > 0) yield rows
}

async function* rowsOf(path: string): AsyncGenerator<Row> {
  const store = await openSqlite(path, { mode: 'read' })
  for await (const { head } of store.documents(AS)) {
    for (const { id, headings, text } of await store.chunks(head.id)) {
      yield { id, title: head.title, headings: headings.join(' > '), text, labels: [...(head.labels ?? [])] }
    }
  }
  await store.close()
}

export function sizeOf(path: string): number {
  const { size } = statSync(path)
  if (!statSync(path).isDirectory()) return size
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + statSync(join(path, name)).size,
    0,
  )
}

/** Installed in this folder alone, so the compiler does not follow the name, and knows nothing of what comes. */
// biome-ignore lint/suspicious/noExplicitAny: the peers' own types are not installed
async function load(name: string): Promise<any> {
  return await import(name)
}
