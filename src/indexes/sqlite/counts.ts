/**
 * How common terms are. A very common term takes milliseconds to count in a large index, and queries repeat them, so
 * counts are kept until the file changes.
 */
import type { Connection } from './connection.ts'
import { matchExpression } from './tokens.ts'

export interface Frequencies {
  readonly chunks: number
  readonly of: ReadonlyMap<string, number>
}

const TERMS_KEPT = 10_000
/** Chunks that hold a term and are counted: of more, as many of all are taken to hold it as of those stored last. */
const COUNTED = 20_000

export function countsOf(db: Connection): (terms: readonly string[]) => Frequencies {
  const known = new Map<string, number>()
  let version = ''
  let chunks = 0

  function forgetWhenChanged(): void {
    const next = fileVersion(db)
    if (next === version && known.size <= TERMS_KEPT) return
    known.clear()
    version = next
    chunks = countChunks(db)
  }

  function count(term: string): number {
    const seen = known.get(term)
    if (seen !== undefined) return seen
    const counted = countTerm(db, term, chunks)
    known.set(term, counted)
    return counted
  }

  return (terms) =>
    db.reading(() => {
      forgetWhenChanged()
      return { chunks, of: new Map(terms.map((term) => [term, count(term)])) }
    })
}

function countChunks(db: Connection): number {
  return db.get<{ chunks: number }>('SELECT chunks FROM size')?.chunks ?? 0
}

/** Chunks that hold the term in any field. */
function countTerm(db: Connection, term: string, chunks: number): number {
  const sql = `SELECT count(*) AS held, min(key) AS first, (SELECT max(key) FROM chunk) AS last
    FROM (SELECT rowid AS key FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT ${COUNTED})`
  const counted = db.get<{ held: number; first: number; last: number }>(sql, matchExpression([[term]], 'any'))
  if (counted === undefined || counted.held < COUNTED) return counted?.held ?? 0
  const { held, first, last } = counted
  return Math.max(held, Math.min(chunks, Math.round((held * last) / (last - first + 1))))
}

/** Differs after any other connection's commit (`data_version`) and after any write of ours. */
export function fileVersion(db: Connection): string {
  const sql = 'SELECT data_version AS others, total_changes() AS own FROM pragma_data_version'
  const { others, own } = db.get<{ others: number; own: number }>(sql) ?? { others: 0, own: 0 }
  return `${others}:${own}`
}
