/** Costs of a piece of work, each in a fresh process, the sides in turn, and the medians of the rounds. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Answers, Task } from './tasks.ts'

export interface Cost {
  /** Of all threads of the process, so garbage collection counts wherever it runs. */
  readonly cpuMs: number
  readonly wallMs: number
}

export type Side = 'unsilo' | 'peer'

export const SIDES = ['unsilo', 'peer'] as const

export async function costOf(work: () => Promise<void> | void): Promise<Cost> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - wall }
}

/** What the task answers in a process of its own. Throws when that fails or takes longer than `limitMs`. */
export function inProcess<K extends keyof Answers>(task: Task & { readonly do: K }, limitMs = 900_000): Answers[K] {
  const { status, stdout, error } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'child.ts'), JSON.stringify(task)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: limitMs, maxBuffer: 64_000_000 },
  )
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`the process for ${JSON.stringify(task)} ended with ${status}`)
  return JSON.parse(stdout) as Answers[K]
}

/** Every round asks both sides for the same pages, which are other ones than the round before; who begins changes. */
export function alternating<T>(rounds: number, run: (side: Side, round: number) => T): Record<Side, readonly T[]> {
  const answers: Record<Side, T[]> = { unsilo: [], peer: [] }
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) answers[side].push(run(side, round))
  }
  return answers
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** How many times the peer's cost ours is, in each round, so that a busy moment of the machine weighs on one only. */
export function ratios<T>(answers: Record<Side, readonly T[]>, cost: (answer: T) => number): readonly number[] {
  return answers.unsilo.flatMap((ours, round) => {
    const peer = answers.peer[round]
    return peer === undefined ? [] : [cost(peer) / cost(ours)]
  })
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

/** Median with the lowest and the highest. */
export function spread(values: readonly number[]): string {
  return `${median(values).toFixed(2)}x (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`
}
