/** Remembers what was computed of parts of texts, words above all, and finds it again without cutting them out. */

/** The part `[start, end)` of the text. */
export type OfSlice<T> = (text: string, start: number, end: number) => T

interface Generation<T> {
  /** A slot holds a part's number, 0 where it is free. Part n is `units[ends[n - 1]]` to `units[ends[n]]`. */
  readonly slots: Int32Array
  readonly units: Uint16Array
  readonly ends: Int32Array
  readonly values: T[]
}

const MEAN_LENGTH = 12
/** Parts that there is room for at first: who asks meets few of the words that who writes an index does. */
const FIRST = 1000
/** Whoever writes pages whose words collide makes them slow by no more than this. */
const MOST_PROBES = 16

/**
 * `compute`, remembered for the `most` parts met last or a few more once so many were met, so that frequent ones stay however
 * many rare ones come by. Parts of more than `longest` UTF-16 code units are computed each time.
 */
export function rememberSlices<T>(most: number, longest: number, compute: OfSlice<T>): OfSlice<T> {
  let room = Math.min(FIRST, most)
  let fresh = createGeneration<T>(room)
  let old = fresh

  function add(hash: number, text: string, start: number, end: number, value: T): void {
    if (put(fresh, hash, text, start, end, value)) return
    room = Math.min(2 * room, most)
    old = fresh
    fresh = createGeneration(room)
    put(fresh, hash, text, start, end, value)
  }

  return (text, start, end) => {
    if (end - start > longest) return compute(text, start, end)
    const hash = hashOf(text, start, end)
    const found = find(fresh, hash, text, start, end)
    if (found > 0) return fresh.values[found] as T
    const earlier = find(old, hash, text, start, end)
    const value = earlier > 0 ? (old.values[earlier] as T) : compute(text, start, end)
    if (found === 0) add(hash, text, start, end, value)
    return value
  }
}

/** The value of number 0 is never asked for. */
function createGeneration<T>(room: number): Generation<T> {
  return {
    slots: new Int32Array(2 ** Math.ceil(Math.log2(room * 2))),
    units: new Uint16Array(room * MEAN_LENGTH),
    ends: new Int32Array(room + 1),
    values: new Array<T>(1),
  }
}

/** The part's number, 0 where it could be put, -1 where there are too many others in its place. */
function find<T>(generation: Generation<T>, hash: number, text: string, start: number, end: number): number {
  const { slots } = generation
  for (let probe = 0; probe < MOST_PROBES; probe++) {
    const part = slots[(hash + probe) & (slots.length - 1)] ?? 0
    if (part === 0 || isPart(generation, part, text, start, end)) return part
  }
  return -1
}

/** False where there is no room for it. What is not there yet is put behind what is. */
function put<T>(generation: Generation<T>, hash: number, text: string, start: number, end: number, value: T): boolean {
  const { slots, units, ends, values } = generation
  const part = values.length
  const from = ends[part - 1] ?? 0
  if (part >= ends.length || from + end - start > units.length) return false
  for (let i = start; i < end; i++) units[from + i - start] = text.charCodeAt(i)
  ends[part] = from + end - start
  values.push(value)
  let slot = hash & (slots.length - 1)
  while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
  slots[slot] = part
  return true
}

function isPart<T>({ units, ends }: Generation<T>, part: number, text: string, start: number, end: number): boolean {
  const from = ends[part - 1] ?? 0
  if ((ends[part] ?? 0) - from !== end - start) return false
  for (let i = start; i < end; i++) if (units[from + i - start] !== text.charCodeAt(i)) return false
  return true
}

/** FNV-1a over code units, its high bits mixed into the low ones, which choose the slot. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) & 0x7fffffff
}
