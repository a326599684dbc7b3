/**
 * Many runs started at once on one index, as real processes. A round is one of them. The first holds the lock until it is
 * killed; half of the others exit at once and name it, half wait, and then write one after the other.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openIndex } from '../../src/indexes/registry.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { type Ended, end, start } from './storage/child.ts'
import { wrongWith } from './storage/pages.ts'

export const part: Part = { name: 'starts', rounds: { full: 50, quick: 8, test: 4 }, alone: true, run: runPart }

const HOLDER = 'holder'
const PATIENCE_MS = 300_000
/** From the holder's death to the next writer's first word, which polls each 50 ms. */
const FREE_WITHIN_MS = 100

interface Event {
  readonly what: string
  readonly name: string
  readonly at: number
}

async function runPart({ rounds, timed }: PartOptions): Promise<PartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-torture-'))
  const [path, log] = [join(folder, 'index.db'), join(folder, 'log')]
  try {
    const names = Array.from({ length: rounds - 1 }, (_, at) => `run${at}`)
    const [waiting, hasty] = [names.filter((_, at) => at % 2 === 0), names.filter((_, at) => at % 2 === 1)]
    const holder = start(['write', path, HOLDER, '', log])
    await until(() => eventsOf(log).length > 0)
    const ends = waiting.map((name) => end(start(['write', path, name, String(PATIENCE_MS), log])))
    const refusals = await Promise.all(hasty.map((name) => end(start(['write', path, name, '', log]))))
    const killedAt = Date.now()
    holder.kill('SIGKILL')
    const waited = await Promise.all(ends)
    const events = eventsOf(log)
    const freeAfter = (events[1]?.at ?? Number.POSITIVE_INFINITY) - killedAt
    const stored = await storedIds(path)
    return {
      figures: {
        'refused at once, naming the holder': refusals.filter(isRefused).length,
        'waited and wrote': waited.filter(({ exit }) => exit === 0).length,
        'writing at the same time, at most': mostAtOnce(events),
        'ms from the death of the holder to the next writer': freeAfter,
      },
      missed: [
        ...refusals.filter((one) => !isRefused(one)).map((one) => `one that should not wait ended with ${told(one)}`),
        ...waited.filter(({ exit }) => exit !== 0).map((one) => `one that waited ended with ${told(one)}`),
        ...(mostAtOnce(events) > 1 ? ['two wrote at the same time'] : []),
        ...[HOLDER, ...waiting]
          .filter((name) => !stored.includes(`docs:${name}`))
          .map((name) => `lost what ${name} wrote`),
        ...hasty.filter((name) => stored.includes(`docs:${name}`)).map((name) => `${name} wrote`),
        ...(await wrongWith(path)),
        ...(timed && freeAfter > FREE_WITHIN_MS
          ? [`the lock was free after ${freeAfter} ms, not ${FREE_WITHIN_MS}`]
          : []),
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function isRefused({ exit, code, message }: Ended): boolean {
  return exit === 10 && code === 'LOCKED' && message.endsWith(`: ${HOLDER}.`)
}

function told({ exit, code, message }: Ended): string {
  return `${exit} ${code ?? ''} ${message}`
}

async function storedIds(path: string): Promise<readonly string[]> {
  const store = await openIndex(path, { mode: 'read' })
  try {
    return await store.ids('docs')
  } finally {
    await store.close()
  }
}

/** In the order in which they were written: each is one append, which the file system does not mix. */
function eventsOf(log: string): readonly Event[] {
  try {
    const lines = readFileSync(log, 'utf8').trim().split('\n')
    return lines.map((line) => line.split(' ')).map(([what = '', name = '', at]) => ({ what, name, at: Number(at) }))
  } catch {
    return []
  }
}

/** The killed holder ends with the next one's beginning. */
function mostAtOnce(events: readonly Event[]): number {
  let [now, most] = [0, 0]
  for (const { what, name } of events) {
    if (name === HOLDER) continue
    now += what === 'begin' ? 1 : -1
    most = Math.max(most, now)
  }
  return most
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10)
}
