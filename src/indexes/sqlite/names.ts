/** What documents are called, by their keys: their rows are wide, and many are asked for again. */
import { damaged } from '../damage.ts'
import type { Connection } from './connection.ts'
import { keptOf } from './kept.ts'

export interface Name {
  readonly id: string
  /** Milliseconds since 1970; null where the source says no time. */
  readonly updated: number | null
}

export interface Names {
  /** All at once: a statement costs more than a row. */
  read(documents: readonly number[]): void
  /** Of what was read. Throws where it is not there. */
  of(document: number): Name
}

const KEPT = 20_000

/** Inside a transaction. */
export function namesIn(db: Connection): () => Names {
  const kept = keptOf(db, () => new Map<number, Name>())
  return () => {
    const names = kept()
    if (names.size > KEPT) names.clear()
    return {
      read: (documents) => {
        const unknown = [...new Set(documents)].filter((document) => !names.has(document))
        if (unknown.length === 0) return
        for (const { key, ...name } of db.all<Name & { key: number }>(SQL, JSON.stringify(unknown)))
          names.set(key, name)
      },
      of: (document) => {
        const name = names.get(document)
        if (name === undefined) throw damaged(db.path, `is damaged: it has lost document ${document}.`)
        return name
      },
    }
  }
}

const SQL = `SELECT d.key, d.id, f.updated
  FROM json_each(?) j CROSS JOIN document d ON d.key = j.value LEFT JOIN facet f ON f.document = d.key`
