/** The real process, killed: when it dies is chosen by the clock, by the requests that it has made, or by its writes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { join } from 'node:path'

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')

export type Moment =
  | { readonly by: 'clock'; readonly ms: number }
  /** Right after the n-th request was answered. */
  | { readonly by: 'requests'; readonly count: number }
  /** Right after the n-th time that the folder of the index was seen to change. */
  | { readonly by: 'writes'; readonly count: number }

export interface Ended {
  /** Null where it was killed. */
  readonly code: number | null
  readonly requests: number
  readonly writes: number
  readonly ms: number
  readonly stderr: string
}

export interface Run {
  readonly args: readonly string[]
  /** Where the index is; nothing else writes there. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** How many requests were made of its sources so far. */
  readonly requests: () => number
}

/** @param moment absent: it is left alone */
export async function runProcess({ args, folder, env, requests }: Run, moment?: Moment): Promise<Ended> {
  const begun = performance.now()
  const child = spawn(process.execPath, [BIN, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  const before = requests()
  let [writes, stderr] = [0, '']
  const kill = () => void child.kill('SIGKILL')
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const watcher = watch(folder, () => {
    writes += 1
    if (moment?.by === 'writes' && writes >= moment.count) kill()
  })
  const poll = setInterval(() => {
    if (moment?.by === 'requests' && requests() - before >= moment.count) kill()
  }, 1)
  const timer = moment?.by === 'clock' ? setTimeout(kill, moment.ms) : undefined
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  watcher.close()
  clearInterval(poll)
  return { code, requests: requests() - before, writes, ms: performance.now() - begun, stderr }
}
