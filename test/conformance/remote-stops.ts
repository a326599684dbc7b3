/**
 * Writers in processes of their own that are killed, or stopped beyond their lease, wherever they are. After each harm the
 * index holds one batch whole with its cursor, somebody else can write soon, and one who wakes changes nothing.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Store } from '../../src/core/store.ts'
import { LEASE_MS as USUAL_LEASE_MS } from '../../src/indexes/remote-lease.ts'
import type { Checked } from './index-rounds.ts'
import { contents, putting } from './index-samples.ts'
import { openRemote, type Remote } from './remote.ts'
import { startWriter, type Writer } from './remote-writer.ts'

const LEASE_MS = 1000
const PATIENCE_MS = 20_000
const CHUNKS = 40
/** What a writer is told to store, in this order. */
const LINES = ['one', 'two', 'three']

/** @param random from 0 to 1 */
export async function stopWriters(remote: Remote, rounds: number, random: () => number): Promise<Checked> {
  const wrong: string[] = []
  let [killed, stopped, within] = [0, 0, 0]
  for (let round = 0; round < rounds; round += 1) {
    const location = remote.place()
    const writer = startWriter(location, { source: 'a', leaseMs: LEASE_MS, chunks: CHUNKS })
    const isKill = round % 3 === 0
    try {
      if (await harmed(writer, isKill, random)) within += 1
      if (isKill) killed += 1
      else stopped += 1
      wrong.push(...(await after(remote, location, writer, isKill)).map((what) => `round ${round}: ${what}`))
    } finally {
      await writer.kill()
    }
  }
  const figure = `${killed} writers killed and ${stopped} stopped beyond their lease, ${within} of them while storing: 0 torn, 0 late writes`
  return { figure, missed: wrong }
}

/** Whether it was storing a batch. */
async function harmed(writer: Writer, isKill: boolean, random: () => number): Promise<boolean> {
  await writer.next()
  for (const line of ['one', 'two']) {
    writer.store(line)
    await writer.next()
  }
  let isStored = false
  writer.store('three')
  const stored = writer.next().then((said) => {
    isStored = said !== 'ended'
    return said
  })
  await new Promise((resolve) => setTimeout(resolve, random() * 60))
  const isWithin = !isStored
  if (isKill) await writer.kill()
  else writer.process.kill('SIGSTOP')
  writer.said = isStored ? null : stored
  return isWithin
}

async function after(remote: Remote, location: string, writer: Writer, isKill: boolean): Promise<readonly string[]> {
  const options = { sources: ['a'], lockTimeoutMs: PATIENCE_MS }
  // By a lease that a busy machine does not outlast.
  const next = await openRemote(location, options, USUAL_LEASE_MS)
  try {
    const wrong = await torn(next, remote)
    await next.apply(putting('a', { 'a:9': 'by another' }))
    const before = await contents(next, ['a'])
    if (!isKill) wrong.push(...(await woken(writer)))
    if (!isDeepStrictEqual(await contents(next, ['a']), before)) wrong.push('one who woke changed something')
    return wrong
  } finally {
    await next.close()
  }
}

/** What it had asked for may have been stored before it was stopped; what it asks for now is refused. */
async function woken(writer: Writer): Promise<string[]> {
  writer.store('too late')
  writer.process.kill('SIGCONT')
  const said = [await (writer.said ?? writer.next())]
  if (said[0]?.startsWith('stored')) said.push(await writer.next())
  const last = said.at(-1) ?? ''
  return ['LOCKED', 'INDEX_UNAVAILABLE'].includes(last) ? [] : [`one who woke said ${said.join(', then ')}`]
}

/**
 * Whatever is not as one batch and its cursor say. Where there are no transactions each document is whole, and of the batch that
 * the cursor stands for or of the one right after it.
 */
async function torn(store: Store, { isAtomic }: Remote): Promise<string[]> {
  const ids = await store.ids('a')
  const cursor = String((await store.state('a'))?.cursor)
  const at = LINES.indexOf(cursor)
  const allowed = LINES.slice(at, at + (isAtomic ? 1 : 2))
  const all = await Promise.all(ids.map((id) => store.chunks(id)))
  const wrong: string[] = []
  const counts = new Map<string, number>()
  for (const chunks of all) {
    const line = allowed.find((each) => chunks.every(({ text }) => text.startsWith(`${each} `)))
    if (line === undefined || chunks.length !== CHUNKS) {
      wrong.push(`torn: a document of ${chunks.length} passages, ${chunks[0]?.text}, at cursor ${cursor}`)
    }
    if (line !== undefined) counts.set(line, (counts.get(line) ?? 0) + chunks.length)
  }
  if (ids.length !== 5) wrong.push(`torn: ${ids.length} documents at cursor ${cursor}`)
  const counted = (await store.frequencies(LINES)).of
  for (const line of LINES) {
    const [held = 0, known = 0] = [counts.get(line), counted.get(line)]
    if (held !== known) wrong.push(`${known} passages are counted for ${line}, of ${held}`)
  }
  return wrong
}
