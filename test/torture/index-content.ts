/** What an index file holds, told from its tables: whether all of it fits together, and one hash of what readers and runs get from it. */
import Database from 'better-sqlite3'
import type { Head } from '../../src/core/document.ts'
import { canonicalJson, sha256 } from '../../src/core/ids.ts'
import type { Json } from '../../src/core/json.ts'
import { marksOf } from './sources/source.ts'

interface DocumentRow {
  readonly key: number
  readonly id: string
  readonly head: string
  readonly markdown: string | null
}

interface ChunkRow {
  readonly key: number
  readonly document: number
  readonly ordinal: number
  readonly text: string | null
}

interface SourceRow {
  readonly name: string
  readonly cursor: string | null
  readonly seen: string | null
  readonly policy: string | null
}

/** Throws where a document is doubled or half there: text, passages, search and access must be of one version. */
export function checkFits(path: string): void {
  withDatabase(path, (db) => {
    const said = db.pragma('integrity_check', { simple: true })
    if (said !== 'ok') throw new Error(`integrity check: ${said}`)
    const strays = db.pragma('foreign_key_check') as unknown[]
    if (strays.length > 0) throw new Error(`rows without their document: ${JSON.stringify(strays)}`)
    db.exec("INSERT INTO fts (fts) VALUES ('integrity-check')")
    const documents = documentsIn(db)
    const chunks = Map.groupBy(chunksIn(db), ({ document }) => document)
    const found = db.prepare('SELECT count(*) FROM fts').pluck().get()
    const held = db.prepare('SELECT count(*) FROM chunk').pluck().get()
    if (found !== held) throw new Error(`${held} passages, ${found} of them to be found`)
    for (const document of documents) checkDocument(db, document, chunks.get(document.key) ?? [])
  })
}

/** The same for the same documents, passages, words to be found, readers and cursors, whenever and in what order they came. */
export function contentHash(path: string): string {
  return sha256(canonicalJson(contentOf(path)))
}

/** What is hashed, by what it is of. */
export function contentOf(path: string): Readonly<Record<string, string>> {
  return withDatabase(path, (db) => {
    const chunks = db.prepare(
      'SELECT x.id, c.ordinal, x.start, x."end", x.tokens, x.headings, x.text, x.origin FROM chunk c JOIN chunk_text x ON x.chunk = c.key WHERE c.document = ? ORDER BY c.ordinal',
    )
    const text = db.prepare('SELECT losses, markdown, template, excerpts FROM document_text WHERE document = ?')
    const readers = db.prepare('SELECT principal FROM access WHERE document = ? ORDER BY principal')
    const rows = db.prepare('SELECT key, id, source, head, recipe, listed, language, edges FROM document').all()
    const documents = (rows as { readonly key: number; readonly id: string }[]).map(({ key, ...document }) => [
      document.id,
      canonicalJson([document, text.get(key), readers.all(key), chunks.all(key)] as never),
    ])
    const states = db.prepare('SELECT name, cursor, seen, policy FROM source').all() as SourceRow[]
    const failures = db.prepare('SELECT source, id, code FROM failure ORDER BY source, id').all()
    return Object.fromEntries([
      ...documents,
      ...states.map((state) => [`source ${state.name}`, canonicalJson({ ...state, cursor: timeless(state.cursor) })]),
      ['failures', canonicalJson(failures as never)],
      ['words', canonicalJson(wordsIn(db) as never)],
    ])
  })
}

/** A cursor without the moment at which all was listed. */
function timeless(cursor: string | null): Json {
  const { listedAt: _, ...rest } = JSON.parse(cursor ?? '{}') as Readonly<Record<string, Json>>
  return rest
}

/** How many runs of a source ended well. */
export function runsIn(path: string, source: string): number {
  const sql = "SELECT count(*) FROM run WHERE source = ? AND json_extract(record, '$.outcome') = 'ok'"
  return withDatabase(path, (db) => Number(db.prepare(sql).pluck().get(source)))
}

function withDatabase<T>(path: string, use: (db: Database.Database) => T): T {
  const db = new Database(path, { fileMustExist: true })
  try {
    return use(db)
  } finally {
    db.close()
  }
}

function documentsIn(db: Database.Database): readonly DocumentRow[] {
  const sql = 'SELECT d.key, d.id, d.head, t.markdown FROM document d LEFT JOIN document_text t ON t.document = d.key'
  return db.prepare(sql).all() as DocumentRow[]
}

function chunksIn(db: Database.Database): readonly ChunkRow[] {
  const sql =
    'SELECT c.key, c.document, c.ordinal, x.text FROM chunk c LEFT JOIN chunk_text x ON x.chunk = c.key ORDER BY c.document, c.ordinal'
  return db.prepare(sql).all() as ChunkRow[]
}

function checkDocument(db: Database.Database, document: DocumentRow, chunks: readonly ChunkRow[]): void {
  const { key, id, markdown } = document
  if (markdown === null) throw new Error(`${id} has no text`)
  const marks = marksOf(markdown).join()
  const inChunks = chunks.flatMap(({ text }) => marksOf(text ?? '')).join()
  if (marks !== inChunks) throw new Error(`${id}: its text says ${marks}, its passages say ${inChunks}`)
  if (chunks.some(({ ordinal, text }, at) => ordinal !== at || text === null)) throw new Error(`${id} lacks a passage`)
  for (const chunk of chunks) checkFound(db, id, chunk)
  const { access } = JSON.parse(document.head) as Head
  const readers = db.prepare('SELECT principal FROM access WHERE document = ? ORDER BY principal').pluck().all(key)
  const said = access === 'public' ? ['public'] : [...access].sort()
  if (readers.join() !== said.join()) throw new Error(`${id} is for ${said}, and found by ${readers}`)
}

/** Each mark of a passage is found there. A bound number is a float, which FTS5 does not take for a rowid. */
function checkFound(db: Database.Database, id: string, { key, text }: ChunkRow): void {
  const own = marksOf(text ?? '')
  const found = db.prepare('SELECT count(*) FROM fts WHERE fts MATCH ? AND rowid = CAST(? AS INTEGER)').pluck()
  for (const mark of own) if (found.get(`"${mark}"`, key) !== 1) throw new Error(`${id}: ${mark} is not found`)
}

/** Every word of the search structures, by how many passages hold it: rows of deleted passages count no more. */
function wordsIn(db: Database.Database): readonly unknown[] {
  const terms = db.prepare('SELECT term FROM fts_term ORDER BY term').pluck().all() as string[]
  const holding = db.prepare('SELECT count(*) FROM fts WHERE fts MATCH ?').pluck()
  return terms.map((term) => [term, holding.get(`"${term}"`)]).filter(([, count]) => count !== 0)
}
