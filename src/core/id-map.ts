/**
 * Numbers by id, in little memory: some forty bytes an id, and none of them the garbage collector's, where a Map of
 * strings takes a hundred and more. A run knows every id of a source several times over.
 */

/** As much of a set as is asked for of many ids. */
export interface Ids extends Iterable<string> {
  readonly size: number
  has(id: string): boolean
}

/** In the order in which they were first set. */
export interface IdMap extends Ids {
  get(id: string): number | undefined
  /** @param number a whole one, from 0 to 4,294,967,294 */
  set(id: string, number: number): void
  delete(id: string): boolean
}

/** The number of an id that was deleted. It keeps its place. */
const NONE = 0xff_ff_ff_ff

const FIRST_PLACES = 64

/** What stands before an id's characters: how each of them is written. */
const ONE_BYTE = 1
const TWO_BYTES = 2

export function createIdMap(): IdMap {
  const texts = createTexts()
  let numbers = new Uint32Array(FIRST_PLACES)
  /** By hash: a place and 1, or 0; never more than half full. */
  let slots = new Uint32Array(2 * FIRST_PLACES)
  let size = 0

  /** Where the id that was written last stands, or would. */
  function slotOf(): number {
    let slot = texts.hash(texts.count) % slots.length
    for (let place = slots[slot]; place; place = slots[slot]) {
      if (texts.isLast(place - 1)) break
      slot = (slot + 1) % slots.length
    }
    return slot
  }

  /** -1 if it never was here. */
  function placeOf(id: string): number {
    texts.write(id)
    return (slots[slotOf()] ?? 0) - 1
  }

  function newPlace(): number {
    const place = texts.keep()
    slots[slotAt(place)] = place + 1
    if (texts.count === numbers.length) grow()
    return place
  }

  /** A free one for an id that is in none. */
  function slotAt(place: number): number {
    let slot = texts.hash(place) % slots.length
    while (slots[slot]) slot = (slot + 1) % slots.length
    return slot
  }

  function grow(): void {
    numbers = longer(numbers)
    slots = new Uint32Array(2 * slots.length)
    for (let place = 0; place < texts.count; place += 1) slots[slotAt(place)] = place + 1
  }

  function get(id: string): number | undefined {
    const number = numbers[placeOf(id)] ?? NONE
    return number === NONE ? undefined : number
  }

  return {
    get,
    has: (id) => get(id) !== undefined,
    set(id, number) {
      const known = placeOf(id)
      const place = known === -1 ? newPlace() : known
      if (known === -1 || numbers[place] === NONE) size += 1
      numbers[place] = number
    },
    delete(id) {
      const place = placeOf(id)
      if ((numbers[place] ?? NONE) === NONE) return false
      numbers[place] = NONE
      size -= 1
      return true
    },
    get size() {
      return size
    },
    *[Symbol.iterator]() {
      for (let place = 0; place < texts.count; place += 1) if (numbers[place] !== NONE) yield texts.at(place)
    },
  }
}

/** All of them, each with the number 1. */
export function idsOf(ids: Iterable<string>): IdMap {
  const all = createIdMap()
  for (const id of ids) all.set(id, 1)
  return all
}

/** Texts one behind the other, exactly as they are: what is no Unicode, too. */
function createTexts() {
  let bytes = Buffer.alloc(FIRST_PLACES * 16)
  /** Where each ends, the one that was written and not kept included. */
  let ends = new Uint32Array(FIRST_PLACES + 1)
  let count = 0

  const startOf = (place: number): number => (place === 0 ? 0 : (ends[place - 1] ?? 0))

  return {
    get count() {
      return count
    },
    /** Behind the last one, where it stays if it is kept. */
    write(text: string): void {
      const start = startOf(count)
      while (bytes.length < start + 1 + 2 * text.length) bytes = Buffer.concat([bytes], 2 * bytes.length)
      const isWide = hasWide(text)
      bytes[start] = isWide ? TWO_BYTES : ONE_BYTE
      ends[count] = start + 1 + bytes.write(text, start + 1, isWide ? 'utf16le' : 'latin1')
    },
    keep(): number {
      count += 1
      if (count === ends.length) ends = longer(ends)
      return count - 1
    },
    at(place: number): string {
      const start = startOf(place)
      return bytes.toString(bytes[start] === TWO_BYTES ? 'utf16le' : 'latin1', start + 1, ends[place])
    },
    /** The same as the one that was written last. */
    isLast(place: number): boolean {
      const [start, end] = [startOf(place), ends[place] ?? 0]
      const [from, to] = [startOf(count), ends[count] ?? 0]
      return end - start === to - from && bytes.compare(bytes, from, to, start, end) === 0
    },
    /** FNV-1a. */
    hash(place: number): number {
      let hash = 0x81_1c_9d_c5
      for (let at = startOf(place); at < (ends[place] ?? 0); at += 1) {
        hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01_00_01_93)
      }
      return hash >>> 0
    },
  }
}

function hasWide(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0xff) return true
  return false
}

function longer(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(2 * numbers.length)
  all.set(numbers)
  return all
}
