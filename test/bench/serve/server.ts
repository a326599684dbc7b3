/** `unsilo serve` as a process of its own, and `unsilo sync` beside it, again and again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { hashOf, newToken } from '../../../src/serve/identity/tokens.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const bin = join(root, 'bin', 'unsilo.js')

export interface Served {
  readonly url: string
  /** Reads what staff reads, and figures. */
  readonly token: string
  /** Bytes that the process holds. */
  memory(): Promise<number>
  stop(): Promise<void>
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
    memory: async () => {
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
      return Number(/^process_resident_memory_bytes (\S+)$/m.exec(await answer.text())?.[1])
    },
    stop: () => ended(server),
  }
}

export interface Syncing {
  /** How many runs ended, and with which exit codes that were not 0. */
  stop(): Promise<{ readonly runs: number; readonly failed: readonly (number | null)[] }>
}

/** Recorded stories of three sources, which add, change and remove pages, from their beginning each time. */
export function syncing(index: string): Syncing {
  const failed: (number | null)[] = []
  let runs = 0
  let isOver = false
  const args = [bin, 'sync', '--replay', join(root, 'fixtures', 'confluence'), '--index', index, '--quiet']
  const all = (async () => {
    while (!isOver) {
      const [code] = await once(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
      runs += 1
      if (code !== 0) failed.push(code)
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
