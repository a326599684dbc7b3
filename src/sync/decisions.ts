/**
 * What a run would do with every document, in little memory: a first sync of 100,000 documents decides as many. Heads are
 * much alike, so that a few hundred of them, packed together, take less than a hundred bytes each.
 */
import { createIdMap } from '../core/id-map.ts'
import { BLOCK, pack, unpack } from '../core/packed-list.ts'
import type { Decision, Load } from './decision.ts'

/** By prefixed id, in the order in which they were last decided. What is read from it are copies. */
export interface Decisions extends ReadonlyMap<string, Decision> {
  set(id: string, decision: Decision): void
  delete(id: string): boolean
  /** All but the loads of documents that are not stored. */
  known(): Generator<Decision>
  some(test: (decision: Decision) => boolean): boolean
  /** How many there are of each segment. */
  segments(): ReadonlyMap<number, number>
}

/** A closed one is packed. */
interface Block {
  decisions: Entry[] | Uint8Array
  /** Functions can't be packed. */
  readonly loads: (Load['load'] | null)[]
  /** 0 where there is nothing any more, or something else. */
  readonly states: Uint8Array
  readonly segments: Uint32Array
}

type Entry = readonly [string, Decision]

const FREE = 0
const KNOWN = 1
const NEW = 2

export function createDecisions(): Decisions {
  /** Place by id: the block's number times its size, and the place in it. */
  const places = createIdMap()
  const blocks: Block[] = []
  /** Whoever asks for one document often asks for the next one then. */
  let last: { readonly block: Block; readonly entries: readonly Entry[] } | null = null

  function remove(id: string): boolean {
    const place = places.get(id)
    const block = blocks[blockOf(place ?? -1)]
    if (place === undefined || block === undefined) return false
    block.states[place % BLOCK] = FREE
    block.loads[place % BLOCK] = null
    return places.delete(id)
  }

  function* entries(
    wanted: (state: number) => boolean = (state) => state !== FREE,
  ): Generator<[string, Decision], undefined> {
    for (const block of blocks) {
      if (!block.states.some(wanted)) continue
      for (const [at, [id, decision]] of opened(block).entries()) {
        if (wanted(block.states[at] ?? FREE)) yield [id, decision]
      }
    }
  }

  function* values(wanted?: (state: number) => boolean): Generator<Decision, undefined> {
    for (const [, decision] of entries(wanted)) yield decision
  }

  const decisions: Decisions = {
    set(id, decision) {
      remove(id)
      let block = blocks.at(-1)
      if (block === undefined || block.loads.length === BLOCK) {
        if (block !== undefined) close(block)
        block = { decisions: [], loads: [], states: new Uint8Array(BLOCK), segments: new Uint32Array(BLOCK) }
        blocks.push(block)
      }
      const at = block.loads.length
      places.set(id, (blocks.length - 1) * BLOCK + at)
      block.states[at] = decision.do === 'load' && decision.previous === null ? NEW : KNOWN
      block.segments[at] = decision.segment
      block.loads.push(decision.do === 'load' ? decision.load : null)
      if (Array.isArray(block.decisions)) block.decisions.push([id, decision])
    },
    delete: remove,
    known: () => values((state) => state === KNOWN),
    some(test) {
      for (const decision of values()) if (test(decision)) return true
      return false
    },
    segments: () => countSegments(blocks),
    get size() {
      return places.size
    },
    has: (id) => places.has(id),
    get(id) {
      const place = places.get(id)
      const block = blocks[blockOf(place ?? -1)]
      if (place === undefined || block === undefined) return undefined
      if (last?.block !== block || block === blocks.at(-1)) last = { block, entries: opened(block) }
      return last.entries[place % BLOCK]?.[1]
    },
    keys: () => idsIn(entries()),
    values: () => values(),
    entries: () => entries(),
    forEach(callback) {
      for (const [id, decision] of entries()) callback(decision, id, decisions)
    },
    [Symbol.iterator]: () => entries(),
  }
  return decisions
}

function* idsIn(entries: Iterable<[string, Decision]>): Generator<string, undefined> {
  for (const [id] of entries) yield id
}

/** Those of one kind. */
export function* ofKind<K extends Decision['do']>(
  decisions: Iterable<Decision>,
  kind: K,
): Generator<Extract<Decision, { readonly do: K }>> {
  const isOfKind = (decision: Decision): decision is Extract<Decision, { readonly do: K }> => decision.do === kind
  for (const decision of decisions) if (isOfKind(decision)) yield decision
}

function countSegments(blocks: readonly Block[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { segments, states } of blocks) {
    for (const [at, segment] of segments.entries()) {
      if (states[at] !== FREE) counts.set(segment, (counts.get(segment) ?? 0) + 1)
    }
  }
  return counts
}

function blockOf(place: number): number {
  return Math.floor(place / BLOCK)
}

function close(block: Block): void {
  if (!Array.isArray(block.decisions)) return
  block.decisions = pack(block.decisions.map(([id, decision]) => [id, packable(decision)]))
}

/** Where nothing was redacted both heads are the same. */
function packable(decision: Decision): object {
  return decision.do === 'load' && decision.given === decision.head ? { ...decision, given: null } : decision
}

function opened({ decisions, loads }: Block): readonly Entry[] {
  if (Array.isArray(decisions)) return decisions
  const entries = unpack(decisions) as readonly Entry[]
  return entries.map(([id, decision], at) => {
    const load = loads[at]
    if (decision.do !== 'load' || !load) return [id, decision]
    return [id, { ...decision, given: decision.given ?? decision.head, load }]
  })
}
