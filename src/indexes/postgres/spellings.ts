/**
 * Tokens that may be another spelling of a word. All of about as many letters are looked through. Postgres takes half as long for
 * that as it does to hand them over, so they are kept.
 */
import { alikeAmong, lengthsNear, type SameLength, sameLength } from '../alike.ts'
import type { Connection } from './connection.ts'
import { type Answer, keeping } from './kept.ts'
import { sized } from './vocabulary.ts'

interface Row {
  readonly changes: number
  readonly length: number | null
  readonly texts: string
}

/** Signs of tokens, and a few for each. */
const KEPT = 15_000_000
/** What keeping a token takes beside its signs, as so many. */
const EACH = 8

/** As `mayBeSpelt` has it. */
export function alikeIn(db: Connection): (token: string, changes: 1 | 2) => Promise<readonly string[]> {
  const listsOf = keeping<SameLength>(KEPT, ({ texts, begins }) => texts.length + EACH * begins.length)
  return async (token, changes) => {
    const keys = lengthsNear(token, changes).map(String)
    const lists = await listsOf({ of: '', keys, isEnough: () => true, ask: (some) => read(db, some) })
    return alikeAmong(lists.values(), token, changes)
  }
}

/** Tokens of letters hold no space. */
async function read(db: Connection, lengths: readonly string[]): Promise<Answer<SameLength>> {
  const sql = `SELECT s.changes, t.length, string_agg(t.text, ' ') AS texts
    FROM @.size s LEFT JOIN @.token t ON t.length = ANY ($1::int[]) GROUP BY s.changes, t.length`
  const rows = await db.all<Row>(sql, lengths)
  const values = new Map(lengths.map((length) => [length, sameLength('')]))
  for (const { length, texts } of rows) if (length !== null) values.set(`${length}`, sameLength(texts))
  return { changes: sized(db.path, rows).changes, values }
}
