/** An OpenSearch of two nodes, each in a process of its own, as somebody else where we are root, since it refuses root. */
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
  /** The second one leads nothing, so that the cluster goes on without it. Killed, not stopped. */
  killSecond(): Promise<void>
  startSecond(): Promise<void>
  /** Removes what a check left: nodes of half a gigabyte hold some hundred indexes. */
  clear(): Promise<void>
  close(): Promise<void>
}

interface Node {
  readonly args: readonly string[]
  readonly port: number
}

const PATIENCE_MS = 120_000
const KNN = 'org.opensearch.knn.plugin.KNNPlugin'
const JAVA = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']
/** What a run of tests may leave. */
const ROOM = 2e9

/** Or why there is none. */
export async function startCluster(): Promise<Cluster | string> {
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
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()])
  const nodes = ['first', 'second'].map((name, at) => nodeOf(name, join(folder, 'jars'), join(data, name), ports, at))
  const running = nodes.map((node) => start(node, who))
  const close = async () => {
    for (const child of running) await killed(child)
    rmSync(folder, { recursive: true, force: true })
  }
  const [first, second] = nodes
  if (first === undefined || second === undefined) throw new Error('no nodes')
  try {
    const version = await together(first, running, 2)
    return {
      name: `OpenSearch ${version}, two nodes`,
      hosts: nodes.map(({ port }) => `127.0.0.1:${port}`).join(','),
      clear: async () => void (await fetch(`http://127.0.0.1:${first.port}/unsilo-*`, { method: 'DELETE' })),
      killSecond: async () => await killed(running[1]),
      startSecond: async () => {
        running[1] = start(second, who)
        await together(first, running, 2)
      },
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

function nodeOf(name: string, jars: string, data: string, ports: readonly number[], at: number): Node {
  const [port = 0, transport = 0] = ports.slice(2 * at)
  const seeds = [ports[1], ports[3]].map((each) => `127.0.0.1:${each}`).join(',')
  const classes = ['classes', 'server/*', 'knn/*'].map((part) => join(jars, part)).join(':')
  const told = [name, data, String(port), String(transport), seeds, 'first', KNN]
  return { args: [...JAVA, '-cp', classes, 'Node', ...told], port }
}

function start({ args }: Node, who: SpawnOptions): ChildProcess {
  return spawn('java', args, { ...who, stdio: ['pipe', 'ignore', 'ignore'] })
}

/** The version, once so many nodes are one cluster with all its parts. */
async function together({ port }: Node, running: readonly ChildProcess[], count: number): Promise<string> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) {
    if (running.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)) break
    const [health, root] = await Promise.all([json(port, '/_cluster/health'), json(port, '/')])
    if (health?.['number_of_nodes'] === count && health['status'] === 'green') {
      return String((root?.['version'] as { number?: string } | undefined)?.number)
    }
  }
  throw new Error('OpenSearch did not start')
}

async function json(port: number, path: string): Promise<Record<string, unknown> | null> {
  try {
    return (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Record<string, unknown>
  } catch {
    return null
  }
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
