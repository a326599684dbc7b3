/**
 * `unsilo eval access`: that what a reader may not read leaves no trace. Documents of the index are copied, a word is
 * planted in each restricted one, and every door is asked in the name of many readers, beside doors to copies that never
 * held what the reader may not read.
 */

import type { Principal } from '../core/access.ts'
import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import { embedMissing } from '../embed/embed-missing.ts'
import { askers, mayRead, type Planted, type Probe, planted, probes } from '../query/evaluation/planted.ts'
import { WORD_VECTORS } from '../query/evaluation/word-vectors.ts'
import { doorsTo, type ProbedDoor } from './access-doors.ts'
import type { Io } from './io.ts'
import type { EvalAccessOptions } from './options.ts'
import { count, counted, json, say } from './output.ts'
import { openForReading, openOutline } from './setup.ts'
import { type Given, type TemporaryIndex, temporaryIndex } from './temporary-index.ts'

export interface Tally {
  queries: number
  /** Answers that hold a word of a hidden document. */
  tokens: number
  /** Answers that differ in a byte from those of an index without the hidden documents. */
  differences: number
  /** The first that is wrong, for who looks into it. */
  first: string | null
}

const QUICK = { documents: 40, queries: 1500 }
const WHOLE = { documents: 96, queries: 10_000 }
const MOST_ASKERS = 12

/** 1 when anything hidden shows. */
export async function runEvalAccess(options: EvalAccessOptions, io: Io): Promise<number> {
  const size = options.quick ? QUICK : WHOLE
  const queries = options.queries ?? size.queries
  const outline = await openOutline(options, io)
  const documents = planted(await sampleOf(outline.index, size.documents))
  const readers = askers(documents, MOST_ASKERS)
  const whole = await copyOf(documents, io.signal)
  const tallies = new Map<string, Tally>()
  try {
    const doors = doorsTo(whole.store, readers)
    const each = Math.ceil(queries / doors.length / readers.length)
    for (const as of readers) await compare(documents, as, doors, each, tallies, io)
  } finally {
    await whole.remove()
  }
  return report(documents, readers.length, tallies, options, io)
}

/** Evenly from all sources. */
async function sampleOf(index: string, most: number): Promise<readonly StoredDocument[]> {
  const store = await openForReading(index)
  try {
    const ids: string[] = []
    for (const source of await store.sources()) ids.push(...(await store.ids(source)))
    const step = Math.max(1, ids.length / most)
    const chosen = Array.from({ length: Math.min(most, ids.length) }, (_, at) => ids[Math.floor(at * step)] ?? '')
    if (chosen.length > 1) return [...(await store.stored(chosen)).values()]
    throw new UnsiloError('NOT_FOUND', 'The index holds too few documents to try anything with.', {
      hint: 'Run `unsilo sync` first. Nothing was measured.',
    })
  } finally {
    await store.close()
  }
}

async function copyOf(documents: readonly Planted[], signal: AbortSignal): Promise<TemporaryIndex> {
  const sources = Map.groupBy(documents, ({ source }) => source)
  const given = [...sources].map(([source, some]): [string, readonly Given[]] => [
    source,
    some.map(({ head, markdown }) => ({ head: { ...head, id: head.id.slice(source.length + 1) }, markdown })),
  ])
  const copy = await temporaryIndex(new Map(given), signal)
  try {
    await embedMissing({ vectors: copy.store, embedder: WORD_VECTORS, signal })
    return copy
  } catch (thrown) {
    await copy.remove()
    throw thrown
  }
}

async function compare(
  documents: readonly Planted[],
  as: readonly Principal[],
  doors: readonly ProbedDoor[],
  each: number,
  tallies: Map<string, Tally>,
  io: Io,
): Promise<void> {
  const hidden = documents.flatMap((document) => (mayRead(document, as) ? [] : (document.token ?? [])))
  const copy = await copyOf(
    documents.filter((document) => mayRead(document, as)),
    io.signal,
  )
  try {
    const others = doorsTo(copy.store, [as])
    for (const [at, door] of doors.entries()) {
      const tally = tallies.get(door.name) ?? { queries: 0, tokens: 0, differences: 0, first: null }
      tallies.set(door.name, tally)
      for (const probe of probes(documents, as, each)) {
        if (io.signal.aborted) throw new UnsiloError('INTERRUPTED', 'Interrupted. Nothing was changed.')
        const [told, other] = [await door.ask(as, probe), await (others[at] ?? door).ask(as, probe)]
        judge(tally, probe, as, told, other, hidden)
      }
    }
  } finally {
    await copy.remove()
  }
}

/** Counts one answer beside that of an index without what the asker may not read. */
export function judge(
  tally: Tally,
  probe: Probe,
  as: readonly Principal[],
  told: string,
  other: string,
  hidden: readonly string[],
): void {
  tally.queries++
  const asked = Object.values(probe).flat()
  const shows = hidden.some((token) => told.includes(token) && !asked.some((part) => part.includes(token)))
  if (shows) tally.tokens++
  if (told !== other) tally.differences++
  if (shows || told !== other) tally.first ??= `${as.join(', ') || 'the public'} asked ${JSON.stringify(probe)}`
}

function report(
  documents: readonly Planted[],
  readers: number,
  tallies: ReadonlyMap<string, Tally>,
  options: EvalAccessOptions,
  io: Io,
): number {
  const sum = { queries: 0, tokens: 0, differences: 0 }
  for (const [door, { first, ...tally }] of tallies) {
    for (const name of ['queries', 'tokens', 'differences'] as const) sum[name] += tally[name]
    if (options.json) json(io, { type: 'access', door, readers, ...tally, first })
    else say(io, line(door, tally) + (first === null ? '' : `\n  ${plainLine(first)}`))
  }
  const isGood = sum.tokens === 0 && sum.differences === 0
  if (!options.json) {
    const restricted = documents.filter(({ token }) => token !== null).length
    const held = `${counted(documents.length, 'document')}, ${restricted} restricted, ${readers} readers`
    say(io, `access: ${held}: ${line('all doors', sum)}: ${isGood ? 'all targets met' : 'missed'}`)
  }
  return isGood ? 0 : 1
}

function line(name: string, { queries, tokens, differences }: Omit<Tally, 'first'>): string {
  return `${name}: ${count(queries)} queries, ${count(tokens)} with a hidden word, ${count(differences)} that differ`
}
