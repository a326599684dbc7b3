/**
 * `npm run test:postgres [-- --quick] [-- --seed N]`: the Postgres driver on PGlite, and on the machine's own PostgreSQL where
 * there is one, or the one whose programs are in the folder UNSILO_POSTGRES. The suite of every driver, random histories,
 * access, rankings beside memory, SQLite and Postgres's own, vectors by graph, and writers that are killed and stopped.
 * Prints the figures of each; ends with 1 when anything is not as it must be.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LEASE_MS, openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { mulberry32 } from '../../src/query/evaluation/significance.ts'
import { shareIndex } from '../conformance/index-machines.ts'
import { type Checked, compareToMemory, liveHistories, probeAccess } from '../conformance/index-rounds.ts'
import { stopWriters } from '../conformance/remote-stops.ts'
import { agreeWithSqlite } from '../eval/agreement.ts'
import { SETS } from '../eval/sets.ts'
import { followGraph } from './graph.ts'
import { compareOwnRanking } from './own-ranking.ts'
import { startOwnServer } from './own-server.ts'
import { startPglite } from './pglite-server.ts'
import { placeIn, remoteOf, type Server } from './server.ts'

interface Size {
  readonly histories: number
  readonly access: number
  readonly rankings: number
  /** Questions of each of these shared retrieval sets. */
  readonly questions: number
  readonly sets: readonly string[]
  /** The same, ranked by Postgres itself. */
  readonly ownRanking: number
  readonly stops: number
  /** Machines that share an index, through the program; `stopped`: beyond their lease too. */
  readonly machines: 'none' | 'at once' | 'stopped'
  /** Indexes of more vectors than are compared in full. */
  readonly graphs: number
  /** Only tests of such names; null is all. */
  readonly tests: string | null
}

type Kind = 'own' | 'pglite'

const NOTHING = {
  histories: 0,
  access: 0,
  rankings: 0,
  questions: 0,
  sets: SETS,
  ownRanking: 0,
  graphs: 0,
  stops: 0,
  machines: 'none',
  tests: null,
} as const
const WHOLE: Readonly<Record<Kind, Size>> = {
  own: {
    ...NOTHING,
    histories: 120,
    access: 40,
    rankings: 60,
    questions: 5000,
    ownRanking: 300,
    graphs: 1,
    stops: 30,
    machines: 'stopped',
  },
  pglite: { ...NOTHING, histories: 24, access: 10, rankings: 15, questions: 100, graphs: 1 },
}
const QUICK: Readonly<Record<Kind, Size>> = {
  own: {
    ...NOTHING,
    histories: 12,
    access: 5,
    rankings: 8,
    questions: 40,
    sets: ['cnil-faq-fr'],
    stops: 3,
    machines: 'at once',
  },
  pglite: { ...NOTHING, access: 1, tests: 'index: (vectors|kept outside)' },
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seed: { type: 'string', default: '20260101' } },
})
const seed = Number(values.seed)
const missed: string[] = []
const passed: string[] = []

const started = performance.now()
const own = await startOwnServer()
if (typeof own === 'string') console.log(`The machine's own PostgreSQL is not tested: ${own}.`)
else await tested(own, 'own')
await tested(await startPglite(), 'pglite')
const verdict = missed.length === 0 ? 'all targets met' : `missed: ${missed.join('; ')}`
console.log(`\npostgres: ${passed.join(', ')}; ${secondsSince(started)}${values.quick ? ' (quick)' : ''}: ${verdict}`)
process.exit(missed.length === 0 ? 0 : 1)

async function tested(server: Server, kind: Kind): Promise<void> {
  const size = (values.quick ? QUICK : WHOLE)[kind]
  const open = () => openPostgres(placeIn(server))
  console.log(`\n${server.name}`)
  try {
    await told(server, () => stops(server, size.stops), size.stops)
    await told(server, () => machines(server, size.machines), size.machines === 'none' ? 0 : 1)
    await told(server, () => liveHistories(open, size.histories, seed), size.histories)
    await told(server, () => probeAccess(open, server.hasVectors, size.access), size.access)
    await told(server, () => compareToMemory(open, size.rankings), size.rankings)
    await told(server, () => followGraph(server, seed), server.hasVectors ? size.graphs : 0)
    await told(server, () => agreeWithSqlite(open, size.questions, size.sets), size.questions)
    await told(server, () => compareOwnRanking(server, size.ownRanking), size.ownRanking)
  } finally {
    await server.close()
  }
  await told(server, () => conformance(server, kind, size.tests), 1)
}

async function told(server: Server, check: () => Promise<Checked>, rounds: number): Promise<void> {
  if (rounds === 0) return
  const begun = performance.now()
  const result = await check()
  console.log(`  ${result.missed.length === 0 ? result.figure : 'NOT SO'}  (${secondsSince(begun)})`)
  for (const what of result.missed) console.log(`    missed: ${what}`)
  missed.push(...result.missed.map(() => `${server.name}: ${result.figure}`))
}

async function stops(server: Server, rounds: number): Promise<Checked> {
  const { killed, stopped, within, wrong } = await stopWriters(remoteOf(server), rounds, mulberry32(seed))
  const figure = `${killed} writers killed and ${stopped} stopped beyond their lease, ${within} of them while storing: 0 torn, 0 late writes`
  return { figure, missed: wrong }
}

async function machines(server: Server, how: Size['machines']): Promise<Checked> {
  return await shareIndex(() => placeIn(server), how === 'stopped' ? LEASE_MS : undefined)
}

/** The suite opens a server of its own. */
async function conformance(server: Server, kind: Kind, tests: string | null): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'unsilo-test-postgres-'))
  const report = join(folder, 'report.json')
  const name = kind === 'own' ? 'own-server' : 'pglite'
  const args = [
    'run',
    '--config',
    'test/postgres/vitest.config.ts',
    `${name}.suite`,
    '--reporter=json',
    `--outputFile=${report}`,
  ]
  await finished([...args, ...(tests === null ? [] : ['-t', tests])])
  const results = JSON.parse(readFileSync(report, 'utf8')) as Report
  await rm(folder, { recursive: true })
  const { numPassedTests: good, numFailedTests: bad } = results
  passed.push(`${good} tests on ${server.name}`)
  const failed = results.testResults.flatMap(({ assertionResults }) => assertionResults)
  const names = failed.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
  const isNone = good === 0 ? ['no test was run'] : []
  return {
    figure: `${good} tests of the suite of all drivers, and its own, passed, ${bad} failed`,
    missed: [...names, ...isNone],
  }
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

async function finished(args: readonly string[]): Promise<void> {
  const root = join(import.meta.dirname, '..', '..')
  const child = spawn(join(root, 'node_modules', '.bin', 'vitest'), args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await new Promise((resolve) => child.once('exit', resolve))
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
