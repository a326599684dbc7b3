/** `unsilo serve` as a process of its own, and `unsilo sync` beside it, again and again, from a site that people change. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { hashOf, newToken } from '../../../src/serve/identity/tokens.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const bin = join(root, 'bin', 'unsilo.js')
const CHANGES_MS = 3000
/** 3: a page was changed just while it was read, and is taken by the next run. */
const GOOD: ReadonlySet<number | null> = new Set([0, 3])

export interface Served {
  readonly url: string
  /** Reads what staff reads, and figures. */
  readonly token: string
  figures(): Promise<ProcessFigures>
  stop(): Promise<void>
}

export interface ProcessFigures {
  /** Bytes that the process holds. */
  readonly memory: number
  readonly cpuSeconds: number
}

/** Once it answers. */
export async function serve(index: string, folder: string): Promise<Served> {
  const token = newToken()
  const config = join(folder, 'unsilo.config.yaml')
  const may = `{ name: bench, hash: "${hashOf(token)}", as: [group:staff], may: [metrics] }`
  writeFileSync(
    config,
    `serve:\n  perMinute: 1000000\n  tokens: [${may}]\nsources:\n  wiki:\n    connector: confluence\n`,
  )
  const args = [bin, 'serve', '--config', config, '--index', index, '--port', '0', '--json', '--quiet']
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  const { type, port } = JSON.parse(line)
  if (type !== 'serving') throw new Error(`the server did not start: ${line}`)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    token,
    figures: async () => {
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
      const text = await answer.text()
      const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
      return { memory: figure('process_resident_memory_bytes'), cpuSeconds: figure('process_cpu_seconds_total') }
    },
    stop: () => ended(server),
  }
}

export interface Site {
  /** Reads all of it into the index, once. */
  readonly first: () => void
  /** Again and again, one run behind the other. */
  syncing(): Syncing
  stop(): Promise<void>
}

export interface Syncing {
  /** How many runs ended, and with which exit codes that are not good. */
  stop(): Promise<{ readonly runs: number; readonly failed: readonly (number | null)[] }>
}

/** A source of so many pages, some of which somebody changes every few seconds. */
export async function site(index: string, folder: string, corpus: string, pages: number): Promise<Site> {
  const args = [join(import.meta.dirname, 'site.ts'), corpus, String(pages), String(CHANGES_MS)]
  const website = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [url] = await once(createInterface({ input: website.stdout }), 'line')
  const config = join(folder, 'sync.config.yaml')
  const source = `{ connector: confluence, baseUrl: "${url}", auth: { bearer: "\${env:TOKEN}" }, spaces: [DOC] }`
  writeFileSync(config, `sources:\n  wiki: ${source}\n`)
  const env = { ...process.env, NO_PROXY: '127.0.0.1', TOKEN: 'a-token-of-the-bench' }
  const sync = [bin, 'sync', '--config', config, '--index', index, '--quiet']
  return {
    first() {
      const { status } = spawnSync(process.execPath, sync, { env, stdio: 'ignore' })
      if (!GOOD.has(status)) throw new Error(`the first sync ended with ${status}`)
    },
    syncing: () => again(() => spawn(process.execPath, sync, { env, stdio: 'ignore' })),
    async stop() {
      website.stdin.end()
      await once(website, 'exit')
    },
  }
}

function again(start: () => ChildProcess): Syncing {
  const failed: (number | null)[] = []
  let runs = 0
  let isOver = false
  const all = (async () => {
    while (!isOver) {
      const [code] = await once(start(), 'exit')
      runs += 1
      if (!GOOD.has(code)) failed.push(code)
    }
  })()
  return {
    async stop() {
      isOver = true
      await all
      return { runs, failed }
    },
  }
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = once(server, 'exit')
  server.kill('SIGTERM')
  const [code] = await exit
  if (code !== 0) throw new Error(`the server ended with ${code}`)
}
