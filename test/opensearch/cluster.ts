/** An OpenSearch of a few nodes, each in a process of its own, as somebody else where we are root, since it refuses root. */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fetchJars } from './jars.ts'

export interface Cluster {
  readonly name: string
  /** `HOST:PORT,HOST:PORT` */
  readonly hosts: string
  /** The name of the node that leads it. */
  leader(): Promise<string>
  /** Not stopped. */
  kill(node: string): Promise<void>
  start(node: string): Promise<void>
  /** Removes what a check left: nodes of half a gigabyte hold some hundred indexes. */
  clear(): Promise<void>
  close(): Promise<void>
}

export interface Shape {
  /** Their names. */
  readonly nodes: readonly string[]
  /** Those that may lead: a cluster goes on without one of these only where most of three are left. */
  readonly leaders: readonly string[]
  readonly hasVectors: boolean
}

/** The second one leads nothing, so that the cluster goes on without it. */
export const TWO: Shape = { nodes: ['first', 'second'], leaders: ['first'], hasVectors: true }
const THREE = ['first', 'second', 'third']
/** Whichever leads can be lost. */
export const ALL_LEAD: Shape = { nodes: THREE, leaders: THREE, hasVectors: true }
export const WITHOUT_VECTORS: Shape = { nodes: ['first'], leaders: ['first'], hasVectors: false }

interface Node {
  readonly name: string
  readonly args: readonly string[]
  readonly port: number
}

const PATIENCE_MS = 120_000
const KNN = 'org.opensearch.knn.plugin.KNNPlugin'
const JAVA = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']
/** What a run of tests may leave. */
const ROOM = 2e9

/** Or why there is none. */
export async function startCluster(shape: Shape = TWO): Promise<Cluster | string> {
  const jars = fetchJars()
  if (typeof jars === 'string') return jars
  const who = unprivileged()
  if (who === null) return 'OpenSearch refuses root, and there is no user nobody'
  const folder = mkdtempSync(join(roomiest(), 'unsilo-opensearch-'))
  chmodSync(folder, 0o755)
  cpSync(jars.folder, join(folder, 'jars'), { recursive: true })
  const data = join(folder, 'data')
  mkdirSync(data)
  if (who.uid !== undefined) chownSync(data, who.uid, who.gid ?? who.uid)
  const nodes = await nodesOf(shape, join(folder, 'jars'), data)
  const running = new Map(nodes.map((node) => [node.name, start(node, who)]))
  const close = async () => {
    for (const child of running.values()) await killed(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const version = await together(nodes, running)
    return {
      name: `OpenSearch ${version}, ${nodes.length === 1 ? 'one node' : `${nodes.length} nodes`}${shape.hasVectors ? '' : ' without k-NN'}`,
      hosts: nodes.map(({ port }) => `127.0.0.1:${port}`).join(','),
      clear: async () => void (await fetch(`http://127.0.0.1:${nodes[0]?.port}/unsilo-*`, { method: 'DELETE' })),
      leader: async () => {
        const [leading] = (await anyOf(nodes, '/_cat/cluster_manager?format=json')) as readonly { node: string }[]
        return leading?.node ?? ''
      },
      kill: async (name) => await killed(running.get(name)),
      start: async (name) => {
        for (const node of nodes) if (node.name === name) running.set(name, start(node, who))
        await together(nodes, running)
      },
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

async function nodesOf({ nodes, leaders, hasVectors }: Shape, jars: string, data: string): Promise<readonly Node[]> {
  const ports = await Promise.all(nodes.map(async () => await Promise.all([freePort(), freePort()])))
  const seeds = ports.map(([, transport]) => `127.0.0.1:${transport}`).join(',')
  const classes = ['classes', 'server/*', ...(hasVectors ? ['knn/*'] : [])].map((part) => join(jars, part)).join(':')
  return nodes.map((name, at): Node => {
    const [port = 0, transport = 0] = ports[at] ?? []
    const told = [
      name,
      join(data, name),
      String(port),
      String(transport),
      seeds,
      leaders.join(','),
      hasVectors ? KNN : '',
    ]
    return { name, args: [...JAVA, '-cp', classes, 'Node', ...told], port }
  })
}

function start({ args }: Node, who: SpawnOptions): ChildProcess {
  return spawn('java', args, { ...who, stdio: ['pipe', 'ignore', 'ignore'] })
}

/** The version, once all nodes are one cluster with all its parts. */
async function together(nodes: readonly Node[], running: ReadonlyMap<string, ChildProcess>): Promise<string> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) {
    if ([...running.values()].every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)) break
    const health = (await anyOf(nodes, '/_cluster/health')) as { number_of_nodes?: number; status?: string } | null
    if (health?.number_of_nodes === nodes.length && health.status === 'green') {
      const root = (await anyOf(nodes, '/')) as { version?: { number?: string } } | null
      return String(root?.version?.number)
    }
  }
  throw new Error('OpenSearch did not start')
}

/** What the first node says that answers; null: none. */
async function anyOf(nodes: readonly Node[], path: string): Promise<unknown> {
  for (const { port } of nodes) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}${path}`)).json()
    } catch {
      // Another one may.
    }
  }
  return null
}

async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** In memory where there is room: what is asked for is not how fast a disk is. */
function roomiest(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > ROOM ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** Whose the nodes are to be. */
function unprivileged(): Pick<SpawnOptions, 'uid' | 'gid' | 'cwd'> | null {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout))
  return uid !== undefined && gid !== undefined && uid > 0 && gid > 0 ? { uid, gid, cwd: '/' } : null
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
