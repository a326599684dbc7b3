/**
 * `npm run test:postgres [-- --quick] [-- --seed N]`: the Postgres driver on PGlite, and on the machine's own PostgreSQL where
 * there is one, or the one whose programs are in the folder UNSILO_POSTGRES. The suite of every driver, random histories,
 * access, rankings beside memory, SQLite and Postgres's own, vectors by graph, and writers that are killed and stopped.
 * Prints the figures of each; ends with 1 when anything is not as it must be.
 */
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { LEASE_MS } from '../../src/indexes/remote-lease.ts'
import { mulberry32 } from '../../src/query/evaluation/significance.ts'
import { shareIndex } from '../conformance/index-machines.ts'
import { type Checked, compareToMemory, liveHistories, probeAccess } from '../conformance/index-rounds.ts'
import { conclude, readOptions, runSuite, secondsSince, told } from '../conformance/remote-run.ts'
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
  /** Machines that share an index through the program, and are stopped beyond their lease. */
  readonly machines: boolean
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
  machines: false,
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
    machines: true,
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
    stops: 2,
    // A real server, the program as processes, and what is to be waited for: half of the time of them all.
    tests: '^(?!.*(none is of two editions|leaves alone.*who (reads|waited)|gone before it takes|who publishes))',
  },
  pglite: { ...NOTHING, access: 1, tests: 'index: (vectors|kept outside)' },
}

const { quick, seed } = readOptions()
const missed: string[] = []
const passed: string[] = []

const started = performance.now()
const own = await startOwnServer()
if (typeof own === 'string') console.log(`The machine's own PostgreSQL is not tested: ${own}.`)
else await tested(own, 'own')
const pglite = await startPglite()
await tested(pglite, 'pglite')
console.log('\nThe suite of all drivers, and tests of this one')
await Promise.all([...(typeof own === 'string' ? [] : [conformance(own, 'own')]), conformance(pglite, 'pglite')])
conclude(`postgres: ${passed.join(', ')}; ${secondsSince(started)}${quick ? ' (quick)' : ''}`, missed)

async function tested(server: Server, kind: Kind): Promise<void> {
  const size = sizeOf(kind)
  const open = () => openPostgres(placeIn(server))
  console.log(`\n${server.name}`)
  try {
    await checked(server.name, () => stopWriters(remoteOf(server), size.stops, mulberry32(seed)), size.stops)
    await checked(server.name, () => shareIndex(() => placeIn(server), LEASE_MS), size.machines ? 1 : 0)
    await checked(server.name, () => liveHistories(open, size.histories, seed), size.histories)
    await checked(server.name, () => probeAccess(open, server.hasVectors, size.access), size.access)
    await checked(server.name, () => compareToMemory(open, size.rankings), size.rankings)
    await checked(server.name, () => followGraph(server, seed), server.hasVectors ? size.graphs : 0)
    await checked(server.name, () => agreeWithSqlite(open, size.questions, size.sets), size.questions)
    await checked(server.name, () => compareOwnRanking(server, size.ownRanking), size.ownRanking)
  } finally {
    await server.close()
  }
}

async function checked(name: string, check: () => Promise<Checked>, rounds = 1): Promise<void> {
  if (rounds === 0) return
  missed.push(...(await told(check)).map((figure) => `${name}: ${figure}`))
}

/** By a server of its own. */
async function conformance({ name }: Server, kind: Kind): Promise<void> {
  const { tests } = sizeOf(kind)
  await checked(name, async () => {
    const ran = await runSuite({ folder: 'postgres', name: kind === 'own' ? 'own-server' : 'pglite', tests })
    passed.push(`${ran.passed} tests on ${name}`)
    return { ...ran, figure: `${ran.figure} on ${name}` }
  })
}

function sizeOf(kind: Kind): Size {
  return (quick ? QUICK : WHOLE)[kind]
}
