/**
 * What a process keeps of answers while nothing of a document changes. One statement says what is not known and whether what is
 * known is still so; where it is not, a second one asks for all.
 */

/** What a statement read, and the number that the last change of a document had at that moment (the table `size`). */
export interface Answer<Value> {
  readonly changes: number
  readonly values: ReadonlyMap<string, Value>
}

export interface Asked<Value> {
  /** Whom, or what, values are of: none is ever told of another. */
  readonly of: string
  readonly keys: readonly string[]
  isEnough(value: Value): boolean
  /** Of some of the keys, or none. */
  ask(keys: readonly string[]): Promise<Answer<Value>>
}

/** All of one moment. */
interface Kept<Value> {
  readonly changes: number
  readonly shelves: Map<string, Map<string, Value>>
  size: number
}

/** A key takes so much beside its signs. */
const EACH = 50

/**
 * @param most of `sizeOf` and of keys' signs; where there is more, what comes next takes the place of all
 */
export function keeping<Value>(
  most: number,
  sizeOf: (value: Value) => number,
): (asked: Asked<Value>) => Promise<ReadonlyMap<string, Value>> {
  let kept = keptAt<Value>(Number.NaN)

  function keep(name: string, { changes, values }: Answer<Value>): void {
    if (kept.changes !== changes || (values.size > 0 && kept.size > most)) kept = keptAt(changes)
    const shelf = kept.shelves.get(name) ?? new Map<string, Value>()
    if (!kept.shelves.has(name)) kept.size += name.length + EACH
    kept.shelves.set(name, shelf)
    for (const [key, value] of values) {
      if (!shelf.has(key)) kept.size += key.length + EACH + sizeOf(value)
      shelf.set(key, value)
    }
  }

  return async ({ of: name, keys, isEnough, ask }) => {
    const { changes, shelves } = kept
    const shelf = shelves.get(name)
    const known = new Map<string, Value>()
    for (const key of keys) {
      const value = shelf?.get(key)
      if (value !== undefined && isEnough(value)) known.set(key, value)
    }
    const first = await ask(keys.filter((key) => !known.has(key)))
    const isSame = first.changes === changes
    const answer = isSame || known.size === 0 ? first : await ask(keys)
    keep(name, answer)
    return isSame ? new Map([...known, ...answer.values]) : answer.values
  }
}

function keptAt<Value>(changes: number): Kept<Value> {
  return { changes, shelves: new Map(), size: 0 }
}
