/**
 * Several machines that write one index: the program as processes of its own, each in a folder of its own with a source of its
 * own behind a socket. Different sources are synced at once, the same one never; a process that is stopped beyond its lease
 * changes nothing when it wakes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { openIndex } from '../../src/indexes/registry.ts'
import { BIN, type Ended, ended, source } from '../cli/stage.ts'
import { type ConfluenceEmulator, startConfluenceEmulator } from '../emulators/confluence.ts'
import { type Gate, startGate } from '../emulators/gate.ts'
import type { Checked } from './index-rounds.ts'
import { contents } from './index-samples.ts'

const PAGES = 40
/** After the end of a lease, and for a run. */
const PATIENCE_MS = 60_000
/** Requests that a stopped run has made: the first of its listing, and some of its bodies. */
const STOPS = [1, 25] as const
const LOCKED = 10

interface Machine {
  start(): ChildProcess
  sync(...args: readonly string[]): Promise<Ended>
}

interface Site {
  readonly emulator: ConfluenceEmulator
  readonly gate: Gate
  readonly pages: readonly string[]
}

interface World {
  readonly location: string
  site(): Promise<Site>
  /** A folder that syncs one source from a site into the index. */
  machine(name: string, site: Site): Machine
}

/**
 * @param place a location where there is no index yet
 * @param leaseMs how long a writer that is silent is waited for; absent: nobody is stopped, which takes so long
 */
export async function shareIndex(place: () => string, leaseMs?: number): Promise<Checked> {
  const stops =
    leaseMs === undefined ? [] : STOPS.flatMap((requests) => [true, false].map((isAlone) => ({ requests, isAlone })))
  const missed = await Promise.all([
    inWorld(place(), syncAtOnce),
    ...stops.map(({ requests, isAlone }) => inWorld(place(), (world) => stop(world, requests, isAlone, leaseMs ?? 0))),
  ])
  const asleep = stops.length === 0 ? '' : `, ${stops.length} processes stopped beyond their lease changed nothing`
  return {
    figure: `two processes in two folders synced two sources at once, a third on the same source was refused${asleep}`,
    missed: missed.flat(),
  }
}

async function syncAtOnce({ location, site, machine }: World): Promise<readonly string[]> {
  const [first, second] = [await site(), await site()]
  const [wiki, docs, other] = [machine('wiki', first), machine('docs', second), machine('wiki', first)]
  await made(location, wiki)
  for (const { gate } of [first, second]) gate.closeAfter(1)
  const children = [wiki, docs].map((each) => each.start())
  const runs = children.map(ended)
  await Promise.race([Promise.all([first.gate.held(), second.gate.held()]), Promise.any(runs)])
  const holder = await withIndex(location, (store) => store.holder())
  const refused = await other.sync()
  for (const { gate } of [first, second]) gate.open()
  const codes = (await Promise.all(runs)).map(({ code, stderr }) => (code === 0 ? '' : `${code} ${stderr}`))
  const ids = await withIndex(location, async (store) => [await store.ids('wiki'), await store.ids('docs')])
  const again = await other.sync('--full')
  return [
    ...children
      .filter(({ pid }) => !holder?.includes(`process ${pid} `))
      .map(() => `two runs at once, and the index names ${holder}`),
    ...(refused.code === LOCKED ? [] : [`a second run of a source ended with ${refused.code}: ${refused.stderr}`]),
    ...codes.filter((text) => text !== '').map((text) => `one of two runs at once ended with ${text}`),
    ...ids
      .filter((found) => found.length !== PAGES)
      .map((found) => `a source has ${found.length} documents, not ${PAGES}`),
    ...(again.code === 0 ? [] : [`the next run ended with ${again.code}: ${again.stderr}`]),
  ]
}

/** A run that is stopped after so many requests; then nobody comes, or another machine stores what is true by then. */
async function stop(world: World, requests: number, isAlone: boolean, leaseMs: number): Promise<readonly string[]> {
  const { location, machine } = world
  const site = await world.site()
  const [sleeper, other] = [machine('wiki', site), machine('wiki', site)]
  await made(location, sleeper)
  edit(site, 'while it was awake')
  site.gate.closeAfter(requests)
  const run = sleeper.start()
  const end = ended(run)
  await Promise.race([site.gate.held(), end])
  run.kill('SIGSTOP')
  site.gate.open()
  if (isAlone) await sleep(leaseMs * 1.1)
  else edit(site, 'while it slept')
  const next = isAlone ? null : await other.sync('--lock-timeout', `${Math.ceil((leaseMs + PATIENCE_MS) / 1000)}s`)
  const held = () => withIndex(location, (store) => contents(store, ['wiki']))
  const before = await held()
  run.kill('SIGCONT')
  const { code, stderr } = await end
  const after = await held()
  const last = await sleeper.sync()
  const what = `a run stopped after ${requests} requests${isAlone ? ', alone,' : ''}`
  return [
    ...(next === null || next.code === 0 ? [] : [`behind ${what} the next ended with ${next.code}: ${next.stderr}`]),
    ...(code === LOCKED ? [] : [`${what} ended with ${code}: ${stderr}`]),
    ...(isDeepStrictEqual(before, after) ? [] : [`${what} changed something when it woke`]),
    ...(last.code === 0 ? [] : [`after ${what} its next run ended with ${last.code}: ${last.stderr}`]),
  ]
}

/** Every page, and one goes. */
function edit({ emulator: { model }, pages }: Site, text: string): void {
  for (const id of pages) model.edit(id, { body: `<p>Edited ${text}</p>` })
  const gone = pages.find((id) => model.find(id).status === 'current')
  if (gone !== undefined) model.trash(gone)
}

/** The index, so that its schema is not what runs wait for. */
async function made(location: string, machine: Machine): Promise<void> {
  const { code, stderr } = await machine.sync()
  if (code !== 0) throw new Error(`The index at ${location} cannot be made: ${stderr}`)
}

async function withIndex<T>(
  location: string,
  ask: (store: Awaited<ReturnType<typeof openIndex>>) => Promise<T>,
): Promise<T> {
  const store = await openIndex(location, { mode: 'read' })
  return await ask(store).finally(() => store.close())
}

async function inWorld(
  location: string,
  work: (world: World) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const closing: (() => Promise<void> | void)[] = []
  const site = async (): Promise<Site> => {
    const emulator = await startConfluenceEmulator()
    const gate = await startGate(emulator.url)
    closing.push(gate.close, emulator.close)
    const space = emulator.model.addSpace({ key: 'DOC' })
    const pages = Array.from(
      { length: PAGES },
      (_, at) => emulator.model.addPage({ spaceId: space.id, title: `Page ${at}` }).id,
    )
    return { emulator, gate, pages }
  }
  const machine = (name: string, { gate }: Site): Machine => {
    const folder = mkdtempSync(join(tmpdir(), 'unsilo-machine-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    writeFileSync(
      join(folder, 'unsilo.config.yaml'),
      `index: "\${env:UNSILO_INDEX}"\nsources:\n${source(name, gate.url, 'DOC')}`,
    )
    const env = { ...process.env, NO_PROXY: '127.0.0.1', TOKEN: 'a-token-of-the-test', UNSILO_INDEX: location }
    const start = (...args: readonly string[]) => spawn(process.execPath, [BIN, 'sync', ...args], { cwd: folder, env })
    return { start, sync: (...args) => ended(start(...args)) }
  }
  try {
    return await work({ location, site, machine })
  } finally {
    for (const close of closing) await close()
  }
}
