/** Which tokens there are, and how many chunks hold them, as far as somebody may read them. */
import type { HeldQuery, Reader } from '../core/types.ts'
import type { Connection } from './sqlite-connection.ts'
import { readableBy } from './sqlite-readers.ts'
import { matchExpression } from './sqlite-tokens.ts'

const LETTERS = /^\p{L}+$/u
/** Follows everything that begins with the same letters: no token holds it. */
const LAST = '\u{10ffff}'

/** Outside ASCII, what is no letter is left out only afterwards. */
const NO_LETTER = '*[^a-z\u0080-\u{10ffff}]*'

/** Tokens of removed chunks may still be among them until the writer closes. */
export function listTokens(db: Connection, prefix: string, limit: number): readonly string[] {
  if (limit < 1 || (prefix !== '' && !LETTERS.test(prefix))) return []
  const sql = 'SELECT term FROM fts_term WHERE term >= ? AND term < ? AND term NOT GLOB ? LIMIT ?'
  const rows = db.reading(() => db.all<{ term: string }>(sql, prefix, prefix + LAST, NO_LETTER, Math.trunc(limit)))
  return rows.map(({ term }) => term).filter((term) => LETTERS.test(term))
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

export function countHeld(db: Connection, { tokens, most, ...reader }: HeldQuery): ReadonlyMap<string, number> {
  const filter = readableBy(reader)
  const sql = `SELECT count(*) AS chunks FROM (
    SELECT 1 FROM fts CROSS JOIN chunk c ON c.key = fts.rowid CROSS JOIN document d ON d.key = c.document
    WHERE fts MATCH ? AND ${filter.sql} LIMIT ?)`
  const count = (token: string): number => {
    const values = [matchExpression([[token]], 'any'), ...filter.values, Math.trunc(most)]
    return db.get<{ chunks: number }>(sql, ...values)?.chunks ?? 0
  }
  return db.reading(() => new Map(tokens.map((token) => [token, count(token)])))
}
