/**
 * One index through a chain of killed runs: between them its sources change, after each of them a copy of the file is
 * looked at as the next run would find it, and the last run is left alone.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import type { Random } from '../fuzz/random.ts'
import { checkFits, contentHash, contentOf, runsIn } from './index-content.ts'
import { type Ended, type Moment, runProcess } from './killed.ts'
import { sources } from './sources/all.ts'
import type { TorturedSource } from './sources/source.ts'
import { createWitness, type Witness } from './witness.ts'

export type Phase = 'before its first request' | 'before its first write' | 'while it wrote' | 'after all was stored'

export interface Kill {
  readonly moment: Moment['by']
  readonly phase: Phase
}

export interface ChainReport {
  readonly kills: readonly Kill[]
  /** Runs that ended before the moment came. */
  readonly outlived: number
  /** What is wrong, with what happened before. */
  readonly wrong: readonly string[]
}

interface Chain {
  readonly folder: string
  readonly names: readonly string[]
  readonly sources: readonly TorturedSource[]
  readonly witnesses: readonly Witness[]
  readonly env: Readonly<Record<string, string>>
  readonly random: Random
}

/** Keys whose values a configuration may hold by reference only. */
const SECRETS = ['token', 'bearer', 'clientSecret']
const ALLOWED = ['--allow-deletes', '1000', '--allow-wider', '1000']

/** @param names sources that are synced together */
export async function liveChain(names: readonly string[], kills: number, random: Random): Promise<ChainReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-kills-'))
  const opened = await Promise.all(names.map((name) => (sources[name] as () => Promise<TorturedSource>)()))
  const witnesses = opened.map((source, at) => createWitness(names[at] ?? '', source))
  const env = { TORTURE_TOKEN: 'token', TORTURE_SECRET: 'canary-secret-77f0' }
  const chain: Chain = { folder, names, sources: opened, witnesses, env, random }
  try {
    writeConfig(chain)
    for (const { look } of witnesses) look()
    return await killAll(chain, kills)
  } finally {
    for (const source of opened) await source.close()
    rmSync(folder, { recursive: true })
  }
}

async function killAll(chain: Chain, kills: number): Promise<ChainReport> {
  const done: Kill[] = []
  const wrong: string[] = []
  let outlived = 0
  const trial = await syncInto(chain, 'trial')
  if (trial.code !== 0)
    return { kills: [], outlived, wrong: [`undisturbed, it ended with ${trial.code}: ${trial.stderr}`] }
  for (let at = 0; at < kills && wrong.length === 0; ) {
    change(chain)
    const moment = momentOf(chain.random, trial)
    const before = recorded(chain)
    const ended = await syncInto(chain, 'index', moment)
    if (ended.code === null) {
      done.push({ moment: moment.by, phase: phaseOf(chain, ended, before) })
      at += 1
    } else outlived += 1
    const problem = await problemOf(chain, ended, before)
    if (problem !== null)
      wrong.push(`${chain.names.join(' and ')}, kill ${at} by ${JSON.stringify(moment)}: ${problem}`)
  }
  if (wrong.length === 0) wrong.push(...(await differences(chain)))
  return { kills: done, outlived, wrong }
}

// --- one run ----------------------------------------------------------------------------------------------------

function change({ sources, witnesses, random }: Chain): void {
  for (let left = random.below(4); left > 0; left--) {
    const at = random.below(sources.length)
    const action = random.pick(Object.values(sources[at]?.actions ?? {}))
    action(random.below(1000), random.below(1000))
    witnesses[at]?.look()
  }
}

/** One third each; runs with little to do end early, so moments are chosen where most runs still are. */
function momentOf(random: Random, usual: Ended): Moment {
  const by = random.pick(['clock', 'requests', 'writes', 'writes'] as const)
  if (by === 'clock') return { by, ms: random.below(usual.ms) }
  return { by, count: 1 + random.below(by === 'requests' ? usual.requests : Math.ceil(usual.writes / 2)) }
}

function syncInto({ folder, sources, env }: Chain, index: string, moment?: Moment): Promise<Ended> {
  const own = join(folder, index)
  mkdirSync(own, { recursive: true })
  const args = [
    'sync',
    '--quiet',
    '--config',
    join(folder, 'config.yaml'),
    '--index',
    join(own, 'index.db'),
    ...ALLOWED,
  ]
  const requests = () => sources.reduce((sum, source) => sum + source.requests(), 0)
  return runProcess({ args, folder: own, env, requests }, moment)
}

function writeConfig({ folder, names, sources }: Chain): void {
  const entries = sources.map((source, at) => {
    const { level, principals } = source.access
    const config = referring(source.config, folder) as object
    return [names[at], { connector: source.connector.name, ...config, level, principals }]
  })
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify({ sources: Object.fromEntries(entries) }))
}

function referring(value: unknown, folder: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => {
      if (key === 'credentials') return [key, reference(String(own), folder)]
      if (!SECRETS.includes(key)) return [key, referring(own, folder)]
      return [key, `\${env:${key === 'clientSecret' ? 'TORTURE_SECRET' : 'TORTURE_TOKEN'}}`]
    }),
  )
}

function reference(key: string, folder: string): string {
  const path = join(folder, 'key.json')
  writeFileSync(path, key)
  return `\${file:${path}}`
}

// --- what it left -----------------------------------------------------------------------------------------------

function phaseOf(chain: Chain, { requests, writes }: Ended, before: readonly number[]): Phase {
  if (requests === 0) return 'before its first request'
  const stored = recorded(chain)
  if (stored.every((count, at) => count > (before[at] ?? 0))) return 'after all was stored'
  // Opening the index writes too: the lock, and the journal's header.
  return writes > OPENING_WRITES ? 'while it wrote' : 'before its first write'
}

const OPENING_WRITES = 12

/** How many runs of each source ended well, told from a copy: looking must not end what the process left half done. */
function recorded(chain: Chain): readonly number[] {
  const path = copied(chain, 'index')
  return chain.names.map((name) => (path === null ? 0 : runsIn(path, name)))
}

/** Null where there is no index yet, or one that was never written to. */
function copied({ folder }: Chain, index: string): string | null {
  const [from, to] = [join(folder, index, 'index.db'), join(folder, 'copy', 'index.db')]
  rmSync(join(folder, 'copy'), { recursive: true, force: true })
  mkdirSync(join(folder, 'copy'))
  if (!existsSync(from)) return null
  for (const end of ['', '-wal', '-journal']) if (existsSync(from + end)) copyFileSync(from + end, to + end)
  return hasTables(to) ? to : null
}

function hasTables(path: string): boolean {
  try {
    runsIn(path, '')
    return true
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message.startsWith('no such table')) return false
    throw thrown
  }
}

async function problemOf(chain: Chain, ended: Ended, before: readonly number[]): Promise<string | null> {
  const path = copied(chain, 'index')
  if (ended.code !== null && ended.code !== 0) return `left alone, it ended with ${ended.code}: ${ended.stderr}`
  if (path === null) return null
  try {
    checkFits(path)
    const counts = chain.names.map((name) => runsIn(path, name))
    const store = await openSqlite(path, { mode: 'read' })
    for (const name of chain.names) for (const id of await store.ids(name)) await store.chunks(id)
    for (const [at, witness] of chain.witnesses.entries()) {
      await witness.checkNothingFalse(store)
      // Its record comes with its cursor, so all that the cursor stands for must be there.
      if ((counts[at] ?? 0) > (before[at] ?? 0)) await witness.checkEqual(store)
    }
    await store.close()
    return null
  } catch (thrown) {
    return String(thrown)
  }
}

/** Between the index, once a run was left alone, and one that never saw a kill. */
async function differences(chain: Chain): Promise<readonly string[]> {
  const [last, fresh] = [await syncInto(chain, 'index'), await syncInto(chain, 'fresh')]
  if (last.code !== 0 || fresh.code !== 0)
    return [`the last runs ended with ${last.code} and ${fresh.code}: ${last.stderr}`]
  const paths = ['index', 'fresh'].map((name) => join(chain.folder, name, 'index.db'))
  if (new Set(paths.map(contentHash)).size === 1) return []
  const [killed, untouched] = paths.map(contentOf)
  const keys = new Set([...Object.keys(killed ?? {}), ...Object.keys(untouched ?? {})])
  return [...keys].flatMap((key) =>
    killed?.[key] === untouched?.[key]
      ? []
      : [
          `${chain.names.join(' and ')}, in the end ${key}:\n    ${killed?.[key]}\n    without kills ${untouched?.[key]}`,
        ],
  )
}
