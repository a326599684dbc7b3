/** Which tokens there are, and which languages somebody may read. */
import { isWord, lettersIn } from '../../core/letters.ts'
import type { Reader } from '../../core/store.ts'
import type { Connection, SqlValue } from './connection.ts'
import { readableBy } from './readers.ts'
import { encodeToken } from './tokens.ts'

/** Follows everything that begins with the same letters: no token holds it. */
const LAST = '\u{10ffff}'
const PAGE = 1000

/** Tokens of removed chunks may still be among them until the writer closes. */
export function listTokens(db: Connection, prefix: string, limit: number): readonly string[] {
  if (limit < 1 || (prefix !== '' && !isWord(prefix))) return []
  const sql = 'SELECT text FROM token WHERE text >= ? AND text < ? ORDER BY text LIMIT ?'
  return textsOf(db, sql, prefix, prefix + LAST, Math.trunc(limit))
}

/** Those of chunks that are stored now; those of nothing but letters only. */
export function putTokens(db: Connection, tokens: Iterable<string>): void {
  for (const text of tokens) {
    if (!isListed(text)) continue
    const sql = 'INSERT INTO token (length, letters, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
    db.run(sql, [...text].length, lettersIn(text), text)
  }
}

/** Those that no chunk holds any more go. */
export function forgetTokens(db: Connection): void {
  db.execute('DELETE FROM token WHERE text NOT IN (SELECT term FROM fts_term)')
}

/** Of the full-text index, some at a time. */
export function* listAllTokens(db: Connection): Generator<readonly string[]> {
  const sql = `SELECT term AS text FROM fts_term WHERE term > ? ORDER BY term LIMIT ${PAGE}`
  for (let texts = textsOf(db, sql, ''); texts.length > 0; texts = textsOf(db, sql, texts.at(-1) ?? '')) yield texts
}

function isListed(token: string): boolean {
  return isWord(token) && encodeToken(token) === token
}

function textsOf(db: Connection, sql: string, ...values: readonly SqlValue[]): string[] {
  return db.reading(() => db.all<{ text: string }>(sql, ...values)).map(({ text }) => text)
}

/** From language to language by the index of them, so that many documents of one take no longer. */
export function listLanguages(db: Connection, reader: Reader): readonly string[] {
  const filter = readableBy(reader)
  const sql = `WITH RECURSIVE known (language) AS (
      SELECT min(language) FROM document
      UNION ALL SELECT (SELECT min(language) FROM document WHERE language > known.language)
      FROM known WHERE known.language IS NOT NULL)
    SELECT language FROM known WHERE language IS NOT NULL
      AND EXISTS (SELECT 1 FROM document d WHERE d.language = known.language AND ${filter.sql})`
  return db.reading(() => db.all<{ language: string }>(sql, ...filter.values)).map(({ language }) => language)
}
