/**
 * `npm run test:opensearch [-- --quick] [-- --seed N]`: the OpenSearch driver on a cluster of two nodes that is started for it. The
 * suite of every driver, random histories, access, rankings beside memory's and SQLite's, writers that are killed and stopped, and
 * a node that is killed during a sync. Prints the figures of each; ends with 1 when anything is not as it must be.
 */
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { mulberry32 } from '../../src/query/evaluation/significance.ts'
import { type Checked, compareToMemory, liveHistories, probeAccess } from '../conformance/index-rounds.ts'
import { conclude, readOptions, runSuite, secondsSince, told } from '../conformance/remote-run.ts'
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

const { quick, seed } = readOptions()
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
  await tested(cluster, quick ? QUICK : WHOLE)
} finally {
  await cluster.close()
}
conclude(`opensearch: ${passed.join(', ')}; ${secondsSince(started)}${quick ? ' (quick)' : ''}`, missed)

async function tested(cluster: Cluster, size: Size): Promise<void> {
  const remote = remoteAt(cluster.hosts)
  const open = () => openOpenSearch(remote.place())
  await checked(cluster, () => loseNode(cluster, remote, size.documents), size.documents)
  await checked(cluster, () => stopWriters(remote, size.stops, mulberry32(seed)), size.stops)
  await checked(cluster, () => liveHistories(open, size.histories, seed), size.histories)
  await checked(cluster, () => probeAccess(open, true, size.access), size.access)
  await checked(cluster, () => compareToMemory(open, size.rankings), size.rankings)
  await checked(cluster, () => agreeWithSqlite(open, size.questions), size.questions)
  await checked(cluster, () => conformance(cluster, size.tests), 1)
}

async function checked(cluster: Cluster, check: () => Promise<Checked>, rounds: number): Promise<void> {
  if (rounds === 0) return
  missed.push(...(await told(check)))
  await cluster.clear()
}

async function conformance({ name, hosts }: Cluster, tests: string | null): Promise<Checked> {
  const ran = await runSuite({ folder: 'opensearch', name: 'cluster', tests, env: { UNSILO_OPENSEARCH: hosts } })
  passed.push(`${ran.passed} tests on ${name}`)
  return ran
}
