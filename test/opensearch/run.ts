/**
 * `npm run test:opensearch [-- --quick] [-- --seed N]`: the OpenSearch driver on a cluster of two nodes that is started for it. The
 * suite of every driver, random histories, access, rankings beside memory's and SQLite's, writers that are killed and stopped, and
 * a node that is killed during a sync. Prints the figures of each; ends with 1 when anything is not as it must be.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { mulberry32 } from '../../src/query/evaluation/significance.ts'
import { type Checked, compareToMemory, liveHistories, probeAccess } from '../conformance/index-rounds.ts'
import { stopWriters } from '../conformance/remote-stops.ts'
import { agreeWithSqlite } from '../eval/agreement.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { loseNode } from './failover.ts'
import { remoteAt } from './remote.ts'

interface Size {
  readonly histories: number
  readonly access: number
  readonly rankings: number
  /** Questions of each shared retrieval set. */
  readonly questions: number
  readonly stops: number
  /** In the index of which a node is lost. */
  readonly documents: number
  /** Only tests of such names; null is all. */
  readonly tests: string | null
}

const WHOLE: Size = { histories: 40, access: 8, rankings: 30, questions: 300, stops: 15, documents: 400, tests: null }
const QUICK: Size = {
  ...{ histories: 0, access: 1, rankings: 1, questions: 0, stops: 1, documents: 60 },
  tests: 'generations|kept outside|batches: what is put',
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seed: { type: 'string', default: '20260101' } },
})
const seed = Number(values.seed)
const missed: string[] = []
const passed: string[] = []

const started = performance.now()
const cluster = await startCluster()
if (typeof cluster === 'string') {
  console.log(`opensearch: skipped, ${cluster}`)
  process.exit(0)
}
console.log(`${cluster.name}  (${secondsSince(started)})`)
try {
  await tested(cluster, values.quick ? QUICK : WHOLE)
} finally {
  await cluster.close()
}
const verdict = missed.length === 0 ? 'all targets met' : `missed: ${missed.join('; ')}`
console.log(`\nopensearch: ${passed.join(', ')}; ${secondsSince(started)}${values.quick ? ' (quick)' : ''}: ${verdict}`)
process.exit(missed.length === 0 ? 0 : 1)

async function tested(cluster: Cluster, size: Size): Promise<void> {
  const remote = remoteAt(cluster.hosts)
  const open = () => openOpenSearch(remote.place())
  await told(cluster, () => loseNode(cluster, remote, size.documents), size.documents)
  await told(cluster, () => stops(remote, size.stops), size.stops)
  await told(cluster, () => liveHistories(open, size.histories, seed), size.histories)
  await told(cluster, () => probeAccess(open, true, size.access), size.access)
  await told(cluster, () => compareToMemory(open, size.rankings), size.rankings)
  await told(cluster, () => agreeWithSqlite(open, size.questions), size.questions)
  await told(cluster, () => conformance(cluster, size.tests), 1)
}

async function told(cluster: Cluster, check: () => Promise<Checked>, rounds: number): Promise<void> {
  if (rounds === 0) return
  const begun = performance.now()
  const result = await check()
  await cluster.clear()
  console.log(`  ${result.missed.length === 0 ? result.figure : 'NOT SO'}  (${secondsSince(begun)})`)
  for (const what of result.missed) console.log(`    missed: ${what}`)
  missed.push(...result.missed.map(() => result.figure))
}

async function stops(remote: ReturnType<typeof remoteAt>, rounds: number): Promise<Checked> {
  const { killed, stopped, within, wrong } = await stopWriters(remote, rounds, mulberry32(seed))
  const figure = `${killed} writers killed and ${stopped} stopped beyond their lease, ${within} of them while storing: 0 torn, 0 late writes`
  return { figure, missed: wrong }
}

async function conformance({ name, hosts }: Cluster, tests: string | null): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'unsilo-test-opensearch-'))
  const report = join(folder, 'report.json')
  const config = ['--config', 'test/opensearch/vitest.config.ts']
  const args = ['run', ...config, 'cluster.suite', '--reporter=json', `--outputFile=${report}`]
  await finished([...args, ...(tests === null ? [] : ['-t', tests])], hosts)
  const results = JSON.parse(readFileSync(report, 'utf8')) as Report
  await rm(folder, { recursive: true })
  const { numPassedTests: good, numFailedTests: bad } = results
  passed.push(`${good} tests on ${name}`)
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

async function finished(args: readonly string[], hosts: string): Promise<void> {
  const root = join(import.meta.dirname, '..', '..')
  const child = spawn(join(root, 'node_modules', '.bin', 'vitest'), args, {
    cwd: root,
    env: { ...process.env, UNSILO_OPENSEARCH: hosts },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await new Promise((resolve) => child.once('exit', resolve))
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
