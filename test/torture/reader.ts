/**
 * A reader that searches all the while another process replaces the documents that it finds. A round is one search with
 * one document read whole: both are of one edition. Times are compared with those of the same reader while nobody writes.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Store } from '../../src/core/store.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { asking, batch } from '../conformance/index-samples.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { start } from './storage/child.ts'
import { bothSay, editionOf } from './storage/editions.ts'

export const part: Part = {
  name: 'reader',
  rounds: { full: 100_000, quick: 1000, test: 300 },
  alone: true,
  run: runPart,
}

const DOCUMENTS = 7
/** Others, so that a search costs what it costs in an index and not in an empty file. */
const BYSTANDERS = 400
const SLOWER_AT_MOST = 2

interface Seen {
  readonly times: number[]
  readonly editions: Set<string>
  readonly mixed: string[]
}

async function runPart({ rounds, timed }: PartOptions): Promise<PartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-torture-'))
  const path = join(folder, 'index.db')
  await fill(path)
  const reader = await openIndex(path, { mode: 'read' })
  const warm = newSeen()
  for (let round = 0; round < Math.min(200, rounds); round++) await look(reader, round, warm)
  const idle = newSeen()
  for (let round = 0; round < rounds / 4; round++) await look(reader, round, idle)
  const writer = start(['edit', path])
  await once(writer.stdout as NodeJS.ReadableStream, 'data')
  const busy = newSeen()
  try {
    for (let round = 0; round < rounds; round++) await look(reader, round, busy)
  } finally {
    writer.kill('SIGKILL')
    await once(writer, 'close')
    await reader.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const [before, during] = [percentile(idle.times, 0.99), percentile(busy.times, 0.99)]
  const isSlow = timed && during > before * SLOWER_AT_MOST
  return {
    figures: {
      'mixed answers': busy.mixed.length,
      'editions met': busy.editions.size,
      'p50 / p99 while nobody writes, ms': `${percentile(idle.times, 0.5).toFixed(2)} / ${before.toFixed(2)}`,
      'p50 / p99 beside a writer, ms': `${percentile(busy.times, 0.5).toFixed(2)} / ${during.toFixed(2)}`,
    },
    missed: [
      ...busy.mixed.slice(0, 10),
      ...(busy.editions.size < 2 ? ['no edition was seen to change, so nothing was shown'] : []),
      ...(isSlow ? [`p99 is ${(during / before).toFixed(2)} times idle, at most ${SLOWER_AT_MOST} wanted`] : []),
    ],
  }
}

async function fill(path: string): Promise<void> {
  const store = await openIndex(path)
  const put = Array.from({ length: BYSTANDERS }, (_, at) => bothSay(at, 0))
  await store.apply(batch('docs', { put }))
  await store.close()
}

/** Each in a turn of the event loop of its own, as questions come. */
async function look(reader: Store, round: number, seen: Seen): Promise<void> {
  await setImmediate()
  const begun = performance.now()
  const query = { ...asking('common', `part${round % 6}`), limit: 20 }
  const hits = await reader.passages(await reader.lexical(query), query)
  const whole = await reader.document(`docs:${round % DOCUMENTS}`, [])
  seen.times.push(performance.now() - begun)
  if (hits.length === 0 || whole === null)
    seen.mixed.push(`round ${round}: a document that is always there was not found`)
  for (const { document, chunk } of hits) note(seen, document.head.title, [chunk.text], round)
  if (whole !== null) note(seen, whole.head.title, whole.markdown.split('\n\n'), round)
}

function note(seen: Seen, title: string, texts: readonly string[], round: number): void {
  const edition = editionOf(title)
  seen.editions.add(edition)
  const other = texts.map(editionOf).find((one) => one !== edition)
  if (other !== undefined) seen.mixed.push(`round ${round}: edition ${edition} with text of edition ${other}`)
}

function newSeen(): Seen {
  return { times: [], editions: new Set(), mixed: [] }
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0
}
