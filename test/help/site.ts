/**
 * A Help space as somebody runs it: the project's recorded sources in an index, and `unsilo serve` as a process of its own.
 * What is for staff at its source is public here, but tickets, so that there is something to read.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SignJWT } from 'jose'

const ROOT = join(import.meta.dirname, '..', '..')
const BIN = join(ROOT, 'bin', 'unsilo.js')
const SCENARIOS = ['confluence/doc-tools', 'confluence/jsonix-wiki', 'help-center/labour-law', 'help-center/guide']
const TICKETS = 'tickets/ledgerlight-support'
/** What a configuration has to name, though serving asks none of it. */
const SOURCES = {
  'doc-tools': {
    ...{ connector: 'confluence', baseUrl: 'https://doc-tools.atlassian.net', spaces: ['DOC'] },
    auth: { email: 'sync@example.com', apiToken: fromEnv('CONFLUENCE_TOKEN') },
  },
}
const SECRET = 'a secret of a messenger, long enough to be one'

export interface Site {
  readonly url: string
  stop(): Promise<void>
}

export interface Library {
  /** With its configuration in it, the index and all that was written. */
  readonly folder: string
  serve(help?: object, more?: object): Promise<Site>
  remove(): void
}

/** Synced once, served as often as one likes. */
export function library(): Library {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-help-'))
  const recordings = join(folder, 'recordings')
  for (const scenario of [...SCENARIOS, TICKETS]) {
    const to = join(recordings, scenario)
    cpSync(join(ROOT, 'fixtures', scenario), to, { recursive: true, filter: isFirst })
    if (scenario !== TICKETS) publish(join(to, 'unsilo.config.yaml'))
  }
  const index = join(folder, 'index.db')
  execFileSync(process.execPath, [BIN, 'sync', '--replay', recordings, '--index', index], {
    cwd: folder,
    stdio: 'pipe',
  })
  return {
    folder,
    serve: (help, more) => serve(folder, help, more),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** As a messenger makes it of its user. */
export async function tokenOf(user: string, more: Record<string, unknown> = {}): Promise<string> {
  const claims = { user_id: user, exp: Math.floor(Date.now() / 1000) + 3600, ...more }
  return await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))
}

/** Later chapters of a story were recorded of requests that depend on who could read the earlier ones. */
function isFirst(path: string): boolean {
  return !/[2-9]-[\w-]+\.http\.json$/.test(path)
}

function publish(file: string): void {
  const text = readFileSync(file, 'utf8')
  const level = '    level: public\n'
  writeFileSync(
    file,
    /^ {4}level: .*\n/m.test(text)
      ? text.replace(/^ {4}level: .*\n/m, level)
      : text.replace(/^ {4}connector: .*\n/m, (line) => line + level),
  )
}

async function serve(folder: string, help: object = {}, more: object = {}): Promise<Site> {
  const config = join(folder, 'serving.json')
  const jwt = {
    secrets: [fromEnv('MESSENGER_SECRET')],
    as: ['group:customers'],
    claims: { role: { agent: ['group:staff'] } },
  }
  const serving = { port: 0, jwt, help, perMinute: 100_000, ...more }
  writeFileSync(config, JSON.stringify({ index: 'index.db', sources: SOURCES, serve: serving }))
  const child = spawn(process.execPath, [BIN, 'serve', '--config', config, '--json', '--quiet'], {
    cwd: folder,
    env: { ...process.env, MESSENGER_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await portOf(child)
  return { url: `http://127.0.0.1:${port}`, stop: () => stopped(child) }
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('unsilo serve has no output')
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('exit', (code) => reject(new Error(`unsilo serve ended with ${code} before it answered`)))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = JSON.parse(line) as { type: string; port: number }
    if (told.type === 'serving') resolve(told.port)
    else reject(new Error(line))
  })
  return await promise
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  child.kill('SIGTERM')
  await promise
}

function fromEnv(name: string): string {
  return `\${env:${name}}`
}
