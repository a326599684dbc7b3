/** Real processes of `process.ts`: run to their end, killed on the way, or kept short of disk. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const PROCESS = join(import.meta.dirname, 'process.ts')

export interface Ended {
  /** Null: killed. */
  readonly exit: number | null
  readonly code?: string
  readonly message: string
}

/** @param blocks of 512 bytes that no file may outgrow */
export function start(args: readonly string[], blocks?: number): ChildProcess {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  if (blocks === undefined) return spawn(process.execPath, [PROCESS, ...args], { stdio })
  // Without the trap the limit is a signal that ends the process, and no error.
  const shell = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`
  return spawn('sh', ['-c', shell, process.execPath, PROCESS, ...args], { stdio })
}

export async function end(child: ChildProcess): Promise<Ended> {
  let out = ''
  child.stdout?.on('data', (data) => {
    out += String(data)
  })
  const [exit] = (await once(child, 'close')) as [number | null]
  const last = out.trim().split('\n').at(-1) ?? ''
  const said = last.startsWith('{') ? (JSON.parse(last) as Partial<Ended>) : {}
  return { message: '', ...said, exit }
}

/** Kills it, as `kill -9` does, some milliseconds after it was started. */
export async function killedAfter(child: ChildProcess, milliseconds: number): Promise<Ended> {
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  const ended = await end(child)
  clearTimeout(timer)
  return ended
}
