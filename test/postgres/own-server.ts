/**
 * The machine's own PostgreSQL, or the one whose programs are in the folder `UNSILO_POSTGRES`, started in a temporary folder:
 * as somebody else where we are root, since it refuses root.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { certificateFor } from '../certificate.ts'
import type { Server } from './server.ts'

const INSTALLED = '/usr/lib/postgresql'
const OLDEST = 15
const PASSWORD = 'of a server for tests'
const PATIENCE_MS = 30_000

export interface OwnServer extends Server {
  /** The file of the authority that signed its certificate; null where it knows no TLS. */
  readonly root: string | null
}

/** What a server for tests can do without: nothing of it outlives a crash. */
const HASTY = ['fsync=off', 'full_page_writes=off']

/** Or why there is none. */
export async function startOwnServer(more: readonly string[] = HASTY): Promise<OwnServer | string> {
  const programs = programsFolder()
  if (programs === null) return `no PostgreSQL ${OLDEST} or newer is installed here (looked in ${INSTALLED} and PATH)`
  const who = unprivileged()
  if (who === null) return 'PostgreSQL refuses root, and there is no user postgres or nobody'
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-postgres-'))
  const [data, secret] = [join(folder, 'data'), join(folder, 'password')]
  writeFileSync(secret, PASSWORD)
  if (who.uid !== undefined) for (const path of [folder, secret]) chownSync(path, who.uid, who.gid ?? who.uid)
  const initialised = [
    '-D',
    data,
    '-U',
    'unsilo',
    '-A',
    'scram-sha-256',
    '--pwfile',
    secret,
    '-E',
    'UTF8',
    '--locale',
    'C',
  ]
  const made = spawnSync(join(programs, 'initdb'), [...initialised, '--no-sync'], { ...who, encoding: 'utf8' })
  if (made.status !== 0) {
    rmSync(folder, { recursive: true })
    return `initdb failed: ${made.stderr.trim()}`
  }
  const knows = spawnSync(join(programs, 'postgres'), ['-D', data, '-C', 'ssl_library'], { ...who, encoding: 'utf8' })
  const certificate = knows.stdout.trim() === '' ? null : certified(folder, who)
  const port = await freePort()
  const url = `postgres://unsilo:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`
  const settings = [
    ...more,
    'max_connections=60',
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    ...(certificate === null ? [] : ['ssl=on', `ssl_cert_file=${certificate.file}`, `ssl_key_file=${certificate.key}`]),
  ]
  const args = ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])]
  const server = spawn(join(programs, 'postgres'), args, { ...who, stdio: ['ignore', 'ignore', 'pipe'] })
  const close = async () => {
    await ended(server)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await answering(url, server)
    const hasVectors = await offersVectors(url)
    const name = hasVectors ? `${versionOf(programs)} with pgvector` : versionOf(programs)
    return { name, url, hasVectors, root: certificate?.file ?? null, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

function programsFolder(): string | null {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).filter((name) => Number(name) >= OLDEST) : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  const given = process.env['UNSILO_POSTGRES']
  const folders = [
    ...(given === undefined ? [] : [given]),
    ...(newest === undefined ? [] : [join(INSTALLED, newest, 'bin')]),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  const found = folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))))
  return found !== undefined && Number(/\d+/.exec(versionOf(found))?.[0] ?? 0) >= OLDEST ? found : null
}

function versionOf(programs: string): string {
  return execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).trim()
}

/** Whose the server is to be. */
function unprivileged(): Pick<SpawnOptions, 'uid' | 'gid' | 'cwd'> | null {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout))
    if (uid !== undefined && gid !== undefined && uid > 0 && gid > 0) return { uid, gid, cwd: '/' }
  }
  return null
}

/** For this address, signed by itself. */
function certified(folder: string, { uid, gid }: SpawnOptions): { readonly file: string; readonly key: string } {
  const [file, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  const certificate = certificateFor('127.0.0.1')
  writeFileSync(file, certificate.cert)
  writeFileSync(key, certificate.key, { mode: 0o600 })
  if (uid !== undefined) for (const path of [file, key]) chownSync(path, uid, gid ?? uid)
  return { file, key }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const { default: pg } = await import('pg')
  let said = ''
  server.stderr?.on('data', (data) => {
    said += data
  })
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return await client.end()
    } catch (thrown) {
      await client.end().catch(() => undefined)
      if (server.exitCode !== null || Date.now() > end)
        throw new Error(`PostgreSQL did not start: ${said}`, { cause: thrown })
    }
  }
}

async function offersVectors(url: string): Promise<boolean> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query("SELECT FROM pg_available_extensions WHERE name = 'vector'")).rowCount === 1
  } finally {
    await client.end()
  }
}

/** Its fastest shutdown: nothing of it is kept. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exit = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGQUIT')
  await exit
}
