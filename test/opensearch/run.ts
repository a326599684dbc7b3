/**
 * `npm run test:opensearch [-- --quick] [-- --seed N]`: the OpenSearch driver on a cluster of two nodes that is started for it. The
 * suite of every driver, random histories, access, rankings beside memory's and SQLite's, writers that are killed and stopped,
 * processes that share an index, and a node that is killed during a sync; then on three nodes of which the leading one is killed,
 * and on one without the k-NN plugin. Prints the figures of each; ends with 1 when anything is not as it must be.
 */
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { LEASE_MS } from '../../src/indexes/remote-lease.ts'
import { mulberry32 } from '../../src/query/evaluation/significance.ts'
import { shareIndex } from '../conformance/index-machines.ts'
import { type Checked, compareToMemory, liveHistories, probeAccess } from '../conformance/index-rounds.ts'
import { conclude, readOptions, runSuite, secondsSince, told } from '../conformance/remote-run.ts'
import { stopWriters } from '../conformance/remote-stops.ts'
import { agreeWithSqlite } from '../eval/agreement.ts'
import { ALL_LEAD, type Cluster, type Shape, startCluster, TWO, WITHOUT_VECTORS } from './cluster.ts'
import { loseNode } from './failover.ts'
import { remoteAt } from './remote.ts'

interface Size {
  readonly histories: number
  readonly access: number
  readonly rankings: number
  /** Questions of each shared retrieval set. */
  readonly questions: number
  readonly stops: number
  /** Machines that share an index, through the program; `stopped`: beyond their lease too. */
  readonly machines: 'at once' | 'stopped'
  /** In the index of which a node is lost. */
  readonly documents: number
  /** Whether the leading node is lost, too, and what there is without the k-NN plugin: each on a cluster of its own. */
  readonly others: boolean
  /** Only tests of such names; null is all. */
  readonly tests: string | null
}

const WHOLE: Size = {
  ...{ histories: 40, access: 8, rankings: 30, questions: 300, stops: 15, machines: 'stopped', documents: 400 },
  ...{ others: true, tests: null },
}
const QUICK: Size = {
  ...{ histories: 0, access: 1, rankings: 1, questions: 0, stops: 1, machines: 'at once', documents: 60 },
  ...{ others: false, tests: ': generations|kept outside|batches: what is put|TLS' },
}

const { quick, seed } = readOptions()
const missed: string[] = []
const passed: string[] = []

const started = performance.now()
const size = quick ? QUICK : WHOLE
await on(TWO, tested)
if (size.others) {
  await on(ALL_LEAD, (cluster) => checked(cluster, () => lostLeader(cluster), 1))
  await on(WITHOUT_VECTORS, (cluster) => checked(cluster, () => conformance(cluster, 'without-vectors', null), 1))
}
conclude(`opensearch: ${passed.join(', ')}; ${secondsSince(started)}${quick ? ' (quick)' : ''}`, missed)

async function on(shape: Shape, work: (cluster: Cluster) => Promise<void>): Promise<void> {
  const begun = performance.now()
  const cluster = await startCluster(shape)
  if (typeof cluster === 'string') {
    if (passed.length + missed.length === 0) {
      console.log(`opensearch: skipped, ${cluster}`)
      process.exit(0)
    }
    // What went before it has figures, and may have missed its target.
    missed.push(`${shape.nodes.length} nodes${shape.hasVectors ? '' : ' without k-NN'}: ${cluster}`)
    return
  }
  console.log(`${cluster.name}  (${secondsSince(begun)})`)
  try {
    await work(cluster)
  } finally {
    await cluster.close()
  }
}

async function tested(cluster: Cluster): Promise<void> {
  const remote = remoteAt(cluster.hosts)
  const open = () => openOpenSearch(remote.place())
  const second = async () => 'second'
  await checked(cluster, () => loseNode(cluster, remote, size.documents, second), size.documents)
  await checked(cluster, () => stopWriters(remote, size.stops, mulberry32(seed)), size.stops)
  const leaseMs = size.machines === 'stopped' ? LEASE_MS : undefined
  await checked(cluster, () => shareIndex(() => remote.place(), leaseMs), 1)
  await checked(cluster, () => liveHistories(open, size.histories, seed), size.histories)
  await checked(cluster, () => probeAccess(open, true, size.access), size.access)
  await checked(cluster, () => compareToMemory(open, size.rankings), size.rankings)
  await checked(cluster, () => agreeWithSqlite(open, size.questions), size.questions)
  await checked(cluster, () => conformance(cluster, 'cluster', size.tests), 1)
}

async function checked(cluster: Cluster, check: () => Promise<Checked>, rounds: number): Promise<void> {
  if (rounds === 0) return
  missed.push(...(await told(check)))
  await cluster.clear()
}

async function lostLeader(cluster: Cluster): Promise<Checked> {
  const { figure, missed } = await loseNode(cluster, remoteAt(cluster.hosts), size.documents, () => cluster.leader())
  return { figure: `the leading node: ${figure}`, missed }
}

async function conformance({ name, hosts }: Cluster, suite: string, tests: string | null): Promise<Checked> {
  const ran = await runSuite({ folder: 'opensearch', name: suite, tests, env: { UNSILO_OPENSEARCH: hosts } })
  passed.push(`${ran.passed} tests on ${name}`)
  return ran
}
