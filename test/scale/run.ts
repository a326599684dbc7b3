/**
 * `npm run scale [-- --quick]`: what a large source costs when nothing changed, and what `--help` costs. Prints its
 * figures; ends with 1 when a run without changes asks for a body, converts or writes anything but its own record, or
 * when help takes 60 ms longer than an empty Node process, or two and a half times as long as one where that is more, or loads a connector or a
 * native module.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { confluence, confluenceConfig } from '../../connectors/confluence/index.ts'
import type { Json } from '../../src/core/json.ts'
import type { Batch, Store } from '../../src/core/store.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { type SyncReport, syncSource } from '../../src/sync/sync.ts'
import { type ConfluenceEmulator, startConfluenceEmulator } from '../emulators/confluence.ts'

const HELP_LIMIT_MS = 60
/** On a machine where Node alone takes long: so many empty processes. */
const HELP_LIMIT_EMPTY = 2.5
const HELP_ROUNDS = 21

const quick = process.argv.includes('--quick')
const pages = quick ? 2_000 : 20_000
const misses: string[] = []

await measureSync()
measureHelp()
console.log(misses.length === 0 ? 'scale: all targets met' : `scale: missed: ${misses.join('; ')}`)
process.exitCode = misses.length === 0 ? 0 : 1

// --- a run without changes --------------------------------------------------------------------------------------

async function measureSync(): Promise<void> {
  const emulator = await startConfluenceEmulator()
  fill(emulator)
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-scale-'))
  const path = join(folder, 'index.db')
  const first = await timedRun(emulator, path)
  print('first sync', first)
  console.log(`  index ${(statSync(path).size / 1e6).toFixed(1)} MB`)
  const again = await timedRun(emulator, path)
  print('nothing changed', again)
  check(first.report.run.counts.added === pages, `${first.report.run.counts.added} of ${pages} pages stored`)
  check(again.report.run.counts.unchanged === pages, 'every page is seen as unchanged')
  check(again.bodies === 0, `${again.bodies} requests for bodies`)
  check(again.batches.length === 1 && isOnlyTheRecord(again.batches[0]), 'nothing written but the run')
  await emulator.close()
  rmSync(folder, { recursive: true })
}

interface Timed {
  readonly report: SyncReport
  readonly batches: readonly Batch[]
  readonly requests: number
  readonly bodies: number
  readonly wallMs: number
  readonly cpuMs: number
}

async function timedRun(emulator: ConfluenceEmulator, path: string): Promise<Timed> {
  emulator.requests.length = 0
  const signal = new AbortController().signal
  const store = await openSqlite(path, { mode: 'write' })
  const batches: Batch[] = []
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  const report = await syncSource({
    source: 'wiki',
    connector: confluence,
    config: confluenceConfig.parse({ baseUrl: emulator.url, auth: { bearer: 'token' }, spaces: 'all' }),
    access: { level: 'staff', principals: {} },
    store: counting(store, batches),
    fetch: createFetch({ signal }),
    signal,
    now: Date.now,
    runId: String(wall),
    full: false,
    dryRun: false,
    allowed: { deletes: 0, wider: 0 },
  })
  const used = process.cpuUsage(cpu)
  await store.close()
  if (report.error !== null) throw report.error
  const bodies = emulator.requests.filter(({ query }) => query.has('body-format')).length
  const cpuMs = (used.user + used.system) / 1000
  return { report, batches, requests: emulator.requests.length, bodies, wallMs: performance.now() - wall, cpuMs }
}

function counting(store: Store, batches: Batch[]): Store {
  return {
    ...store,
    apply: async (batch) => {
      batches.push(batch)
      await store.apply(batch)
    },
  }
}

function isOnlyTheRecord(batch: Batch | undefined): boolean {
  if (batch === undefined || batch.run === undefined || batch.state !== undefined) return false
  return batch.put.length + batch.refresh.length + batch.remove.length + batch.failed.length === 0
}

function fill({ model }: ConfluenceEmulator): void {
  const space = model.addSpace({ key: 'BIG', name: 'Big' })
  const parents: string[] = []
  for (let at = 0; at < pages; at++) {
    const parentId = parents[Math.floor(at / 20)] ?? null
    const body = `<h1>Page ${at}</h1><p>How to reset device ${at}: hold the button for ${at % 60} seconds.</p><h2>Errors</h2><p>Code ERR_${at} means that the cable is loose.</p>`
    parents.push(model.addPage({ spaceId: space.id, title: `Page ${at}`, parentId, body }).id)
  }
}

function print(name: string, { report, requests, bodies, wallMs, cpuMs }: Timed): void {
  const { counts } = report.run
  const facts: Record<string, Json> = { requests, bodies, added: counts.added, unchanged: counts.unchanged }
  const shown = Object.entries(facts).map(([key, value]) => `${key} ${value}`)
  console.log(
    `${name}: ${pages} pages, ${shown.join(', ')}, ${seconds(wallMs)} wall, ${seconds(cpuMs)} CPU (emulator included)`,
  )
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

// --- help -------------------------------------------------------------------------------------------------------

function measureHelp(): void {
  const bin = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')
  const empty: number[] = []
  const help: number[] = []
  for (let round = 0; round < HELP_ROUNDS; round++) {
    empty.push(processMs(['-e', '0']))
    help.push(processMs([bin, '--help']))
  }
  const extra = median(help) - median(empty)
  const limit = Math.max(HELP_LIMIT_MS, HELP_LIMIT_EMPTY * median(empty))
  console.log(
    `--help: ${median(help).toFixed(0)} ms, an empty Node process ${median(empty).toFixed(0)} ms (medians of ${HELP_ROUNDS})`,
  )
  check(extra <= limit, `--help takes ${extra.toFixed(0)} ms more than an empty process, ${limit.toFixed(0)} allowed`)
}

function processMs(args: readonly string[]): number {
  const start = performance.now()
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`)
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function check(met: boolean, what: string): void {
  if (!met) misses.push(what)
}
