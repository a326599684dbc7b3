/**
 * Tokens that may be another spelling of a word. All of about as many letters are looked through. Postgres takes half as long for
 * that as it does to hand them over, so they are kept.
 */
import { lettersIn, mayDiffer } from '../../core/letters.ts'
import type { Connection } from './connection.ts'
import { type Answer, keeping } from './kept.ts'
import { sized } from './vocabulary.ts'

/** Tokens of so many letters. */
interface SameLength {
  readonly texts: readonly string[]
  /** Of each, as `lettersIn` has them. */
  readonly letters: Uint32Array
}

interface Row {
  readonly changes: number
  readonly length: number | null
  readonly texts: string
}

/** Signs of tokens. */
const KEPT = 10_000_000

/** As `mayBeSpelt` has it. */
export function alikeIn(db: Connection): (token: string, changes: 1 | 2) => Promise<readonly string[]> {
  const tokensOf = keeping<SameLength>(KEPT, ({ texts }) => texts.reduce((sum, { length }) => sum + length, 0))
  return async (token, changes) => {
    const [length, letters] = [[...token].length, lettersIn(token)]
    const lengths = Array.from({ length: 2 * changes + 1 }, (_, at) => `${length - changes + at}`)
    const known = await tokensOf({ of: '', keys: lengths, isEnough: () => true, ask: (some) => read(db, some) })
    return [...known.values()].flatMap((same) =>
      same.texts.filter((_, at) => mayDiffer(same.letters[at] ?? 0, letters, changes)),
    )
  }
}

/** Tokens of letters hold no space. */
async function read(db: Connection, lengths: readonly string[]): Promise<Answer<SameLength>> {
  const sql = `SELECT s.changes, t.length, string_agg(t.text, ' ') AS texts
    FROM @.size s LEFT JOIN @.token t ON t.length = ANY ($1::int[]) GROUP BY s.changes, t.length`
  const rows = await db.all<Row>(sql, lengths)
  const values = new Map(lengths.map((length) => [length, sameLength([])]))
  for (const { length, texts } of rows) if (length !== null) values.set(`${length}`, sameLength(texts.split(' ')))
  return { changes: sized(db.path, rows).changes, values }
}

function sameLength(texts: readonly string[]): SameLength {
  return { texts, letters: Uint32Array.from(texts, lettersIn) }
}
