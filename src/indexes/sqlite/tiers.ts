/** Chunks in the order in which they promise to be worth something: by which words they hold, before any of them is read. */

/** Chunks that hold the same words, in their title or not. */
export interface Tier {
  /** What they are worth with each word once. */
  readonly worth: number
  /** Those stored last first. */
  readonly keys: Uint32Array
}

/** Chunks that hold a word, those stored last first. */
export interface Holding {
  readonly keys: Uint32Array
  /** Those whose title holds it, and some that are not among them. */
  readonly titles: Uint32Array
  /** What a chunk is worth by it, with it in its title or not. */
  readonly inTitle: number
  readonly elsewhere: number
}

/** Each chunk by which of the words it holds, as a number of `worths`. */
interface Merged {
  readonly keys: Uint32Array
  readonly states: Uint32Array
  readonly worths: readonly number[]
}

/** The most telling first. Merged, since the lists are in order: a map of tens of thousands of keys costs ten times as much. */
export function tiersOf(holdings: readonly Holding[]): readonly Tier[] {
  const none: Merged = { keys: new Uint32Array(), states: new Uint32Array(), worths: [0] }
  return tiersIn(holdings.reduce(merged, none))
}

function merged(all: Merged, { keys, titles, inTitle, elsewhere }: Holding): Merged {
  const most = all.keys.length + keys.length
  const out = { keys: new Uint32Array(most), states: new Uint32Array(most) }
  const worths = [...all.worths]
  const known = new Uint32Array(2 * worths.length)
  const stateWith = (state: number, isTitle: boolean): number => {
    const place = 2 * state + (isTitle ? 1 : 0)
    if (known[place] === 0) known[place] = worths.push((worths[state] ?? 0) + (isTitle ? inTitle : elsewhere)) - 1
    return known[place] ?? 0
  }
  let [a, b, title, length] = [0, 0, 0, 0]
  while (a < all.keys.length || b < keys.length) {
    const [first, second] = [all.keys[a] ?? -1, keys[b] ?? -1]
    const key = Math.max(first, second)
    let state = first === key ? (all.states[a++] ?? 0) : 0
    if (second === key) {
      b++
      while ((titles[title] ?? 0) > key) title++
      state = stateWith(state, titles[title] === key)
    }
    out.keys[length] = key
    out.states[length++] = state
  }
  return { keys: out.keys.subarray(0, length), states: out.states.subarray(0, length), worths }
}

function tiersIn({ keys, states, worths }: Merged): readonly Tier[] {
  const counts = new Uint32Array(worths.length)
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1
  const used = worths.flatMap((worth, state) => ((counts[state] ?? 0) === 0 ? [] : [worth]))
  const places = new Map([...new Set(used)].sort((a, b) => b - a).map((worth, at) => [worth, at]))
  const placeOf = Uint32Array.from(worths, (worth) => places.get(worth) ?? 0)
  const ends = new Uint32Array(places.size + 1)
  for (const state of states) ends[(placeOf[state] ?? 0) + 1] = (ends[(placeOf[state] ?? 0) + 1] ?? 0) + 1
  for (let at = 1; at < ends.length; at++) ends[at] = (ends[at] ?? 0) + (ends[at - 1] ?? 0)
  const starts = ends.slice(0, -1)
  const sorted = new Uint32Array(keys.length)
  for (let at = 0; at < keys.length; at++) {
    const place = placeOf[states[at] ?? 0] ?? 0
    const to = starts[place] ?? 0
    sorted[to] = keys[at] ?? 0
    starts[place] = to + 1
  }
  return [...places].map(([worth, at]) => ({ worth, keys: sorted.subarray(ends[at], ends[at + 1]) }))
}
