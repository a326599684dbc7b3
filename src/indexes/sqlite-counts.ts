/**
 * How common terms are. A very common term takes milliseconds to count in a large index, and queries repeat them, so
 * counts are kept until the file changes.
 */
import type { Connection } from './sqlite-connection.ts'
import { countChunks, countTerm } from './sqlite-query.ts'

export interface Frequencies {
  readonly chunks: number
  readonly of: ReadonlyMap<string, number>
}

const TERMS_KEPT = 10_000

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
    const counted = countTerm(db, term)
    known.set(term, counted)
    return counted
  }

  return (terms) =>
    db.reading(() => {
      forgetWhenChanged()
      return { chunks, of: new Map(terms.map((term) => [term, count(term)])) }
    })
}

/** Differs after any other connection's commit (`data_version`) and after any write of ours. */
export function fileVersion(db: Connection): string {
  const sql = 'SELECT data_version AS others, total_changes() AS own FROM pragma_data_version'
  const { others, own } = db.get<{ others: number; own: number }>(sql) ?? { others: 0, own: 0 }
  return `${others}:${own}`
}
