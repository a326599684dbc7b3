/**
 * How many chunks that somebody may read hold a word. Kept for each reader by itself: questions share most of their words, and each
 * count looks up who may read what for up to a thousand chunks.
 */
import { readerOf } from '../../core/reader.ts'
import type { HeldQuery, Index, Reader } from '../../core/store.ts'
import { type Counted, LEAST_COUNTED, MOST_COUNTS, saysEnough } from '../counted.ts'
import type { Connection } from './connection.ts'
import { anyOf } from './encoding.ts'
import { type Answer, keeping } from './kept.ts'
import { parameters, readableBy } from './readers.ts'
import { sized } from './vocabulary.ts'

export function heldIn(db: Connection): (query: HeldQuery) => ReturnType<Index['held']> {
  const counted = keeping<Counted>(MOST_COUNTS, () => 0)
  return async ({ tokens, most: asked, ...rest }) => {
    if (tokens.length === 0) return new Map()
    const [reader, most] = [readerOf(rest), Math.trunc(asked)]
    const counts = await counted({
      of: JSON.stringify(reader),
      keys: [...new Set(tokens)],
      isEnough: (known) => saysEnough(known, most),
      ask: (unknown) => count(db, unknown, Math.max(most, LEAST_COUNTED), reader),
    })
    return new Map(tokens.map((token) => [token, Math.min(most, counts.get(token)?.chunks ?? 0)]))
  }
}

async function count(
  db: Connection,
  tokens: readonly string[],
  most: number,
  reader: Reader,
): Promise<Answer<Counted>> {
  const asked = parameters(
    tokens.map((token) => anyOf([token])),
    most,
  )
  // `OFFSET 0`: each chunk's document is looked up, where Postgres would sooner read them all first.
  const sql = `SELECT s.changes, a.at, CASE WHEN a.at IS NULL THEN 0 ELSE (SELECT count(*) FROM (
      SELECT FROM @.chunk c WHERE c.terms @@ a.query::tsquery
        AND EXISTS (SELECT FROM @.document d WHERE d.key = c.document AND ${readableBy(reader, asked)} OFFSET 0) LIMIT $2) held) END AS chunks
    FROM @.size s LEFT JOIN unnest($1::text[]) WITH ORDINALITY AS a (query, at) ON true`
  const rows = await db.all<{ changes: number; at: number | null; chunks: number }>(sql, ...asked.values)
  const values = new Map<string, Counted>()
  for (const { at, chunks } of rows) if (at !== null) values.set(tokens[at - 1] ?? '', { chunks, most })
  return { changes: sized(db.path, rows).changes, values }
}
