/** Which tokens there are, and how many chunks hold them, as far as somebody may read them. */
import type { UnsiloError } from '../../core/errors.ts'
import { isWord } from '../../core/letters.ts'
import type { Index, Reader } from '../../core/store.ts'
import { damaged } from '../damage.ts'
import type { Connection, Session } from './connection.ts'
import { lexemeOf } from './encoding.ts'
import { parameters, readableBy } from './readers.ts'

/** What a batch changes of how many chunks there are, and by lexeme: chunks of it that hold it, and of those that it takes away. */
export interface Counts {
  readonly added: Map<string, number>
  readonly gone: Map<string, number>
  chunks: number
}

/** Milliseconds since the epoch, by the server's clock. */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

export function noCounts(): Counts {
  return { added: new Map(), gone: new Map(), chunks: 0 }
}

/** Before they are removed. */
export async function takeAway(
  session: Session,
  source: string,
  ids: readonly string[],
  { gone }: Counts,
): Promise<void> {
  const sql = `SELECT u.lexeme, count(*) AS chunks FROM @.document d JOIN @.chunk c ON c.document = d.key
    CROSS JOIN LATERAL unnest(c.terms) u WHERE d.source = $1 AND d.id = ANY ($2) GROUP BY u.lexeme`
  for (const { lexeme, chunks } of await session.all<{ lexeme: string; chunks: number }>(sql, source, ids)) {
    gone.set(lexeme, (gone.get(lexeme) ?? 0) + chunks)
  }
}

/** One writer after the other, and last in its transaction: writers of other sources count the same words. */
export async function countTokens(session: Session, { added, gone }: Counts): Promise<void> {
  const lexemes = [...new Set([...added.keys(), ...gone.keys()])]
  const rows = lexemes
    .map((lexeme) => ({ lexeme, by: (added.get(lexeme) ?? 0) - (gone.get(lexeme) ?? 0) }))
    .filter(({ by }) => by !== 0)
  if (rows.length === 0) return
  await session.run("SELECT pg_advisory_xact_lock('@.token'::regclass::oid::int)")
  await session.run(
    `INSERT INTO @.token (text, chunks, length) SELECT * FROM unnest($1::text[], $2::int[], $3::int[])
      ON CONFLICT (text) DO UPDATE SET chunks = token.chunks + excluded.chunks`,
    ...[rows.map(({ lexeme }) => lexeme), rows.map(({ by }) => by)],
    rows.map(({ lexeme }) => (isWord(lexeme) ? [...lexeme].length : null)),
  )
  const fewer = rows.filter(({ by }) => by < 0).map(({ lexeme }) => lexeme)
  if (fewer.length > 0) await session.run('DELETE FROM @.token WHERE chunks <= 0 AND text = ANY ($1)', fewer)
}

/**
 * Last in a transaction that changes anything of a document: the next that does waits for its end. Not merely one more: an index
 * that was made anew, or came out of a backup, in the place of one that is still asked would come to that one's numbers.
 */
export async function countChange(session: Session, { chunks }: Pick<Counts, 'chunks'>): Promise<void> {
  const next = `greatest(changes + 1, ${NOW})`
  const rows = await session.run(`UPDATE @.size SET chunks = chunks + $1, changes = ${next}`, chunks)
  if (rows === 0) throw sizeLost(session.path)
}

/** The first of what was read beside the one row of `size`; throws INDEX_DAMAGED where that is lost. */
export function sized<Row>(path: string, rows: readonly Row[]): Row {
  const [first] = rows
  if (first === undefined) throw sizeLost(path)
  return first
}

function sizeLost(path: string): UnsiloError {
  return damaged(path, 'is damaged: how many passages it holds is lost.')
}

/** Whether it is known how many chunks there are, and right. */
export async function isCounted(db: Connection): Promise<boolean> {
  const sql = `SELECT count(*) = 1 AND max(s.chunks) = (SELECT coalesce(sum(chunks), 0) FROM @.document) AS counted FROM @.size s`
  return (await db.get<{ counted: boolean | null }>(sql))?.counted === true
}

/** Counts chunks anew. */
export async function recount(session: Session): Promise<void> {
  await session.run('DELETE FROM @.size')
  await session.run(`INSERT INTO @.size SELECT coalesce(sum(chunks), 0), ${NOW} FROM @.document`)
}

export async function frequencies(db: Connection, terms: readonly string[]): ReturnType<Index['frequencies']> {
  const sql = 'SELECT s.chunks AS total, t.text, t.chunks FROM @.size s LEFT JOIN @.token t ON t.text = ANY ($1)'
  const rows = await db.all<{ total: number; text: string | null; chunks: number | null }>(sql, terms.map(lexemeOf))
  const { total } = sized(db.path, rows)
  const known = new Map(rows.map(({ text, chunks }) => [text, chunks ?? 0]))
  return { chunks: total, of: new Map(terms.map((term) => [term, known.get(lexemeOf(term)) ?? 0])) }
}

export async function listTokens(db: Connection, prefix: string, limit: number): Promise<readonly string[]> {
  if (limit < 1 || (prefix !== '' && !isWord(prefix))) return []
  const sql = `SELECT text FROM @.token WHERE length IS NOT NULL AND text >= $1 AND text < $2 ORDER BY text LIMIT $3`
  return textsOf(await db.all(sql, prefix, `${prefix}${LAST}`, Math.trunc(limit)))
}

/** Follows everything that begins with the same letters: no token holds it. */
const LAST = '\u{10ffff}'

/** From language to language by the index of them, so that many documents of one take no longer. */
export async function listLanguages(db: Connection, reader: Reader): Promise<readonly string[]> {
  const asked = parameters()
  const sql = `WITH RECURSIVE known (language) AS (
      SELECT min(language) FROM @.document
      UNION ALL SELECT (SELECT min(language) FROM @.document WHERE language > known.language)
      FROM known WHERE known.language IS NOT NULL)
    SELECT language AS text FROM known WHERE language IS NOT NULL AND EXISTS (
      SELECT FROM @.document d WHERE d.language = known.language AND ${readableBy(reader, asked)}) ORDER BY language`
  return textsOf(await db.all(sql, ...asked.values))
}

export async function countReadable(db: Connection, reader: Reader, most: number): Promise<number> {
  const asked = parameters()
  const sql = `SELECT coalesce(sum(chunks), 0) AS chunks FROM @.document d WHERE ${readableBy(reader, asked)}`
  return Math.min(most, (await db.get<{ chunks: number }>(sql, ...asked.values))?.chunks ?? 0)
}

function textsOf(rows: readonly { readonly text: string }[]): string[] {
  return rows.map(({ text }) => text)
}
