/** The program as a process of its own, with how long it took and how much memory. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const ARGS = ['--import', join(import.meta.dirname, 'peak.mjs')]

export interface Measured {
  /** Null if it was killed. */
  readonly code: number | null
  readonly said: string
  readonly seconds: number
  readonly cpuSeconds: number
  /** Millions of bytes in memory, at most. */
  readonly mb: number
}

export function measured(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Measured> {
  return measuredScript(join(ROOT, 'bin', 'unsilo.js'), args, folder, env)
}

/** A script instead of the program. */
export async function measuredScript(
  script: string,
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const started = performance.now()
  const child = spawn(process.execPath, [...ARGS, script, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, NO_PROXY: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const texts = [1, 2, 3].map((at) => textOf(child.stdio[at] as NodeJS.ReadableStream))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const seconds = (performance.now() - started) / 1000
  const [out = '', error = '', peak = ''] = await Promise.all(texts)
  const [kilobytes = Number.NaN, micros = Number.NaN] = peak.split(' ').map(Number)
  return { code, said: out + error, seconds, cpuSeconds: micros / 1e6, mb: (kilobytes * 1024) / 1e6 }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const part of stream) text += part
  return text
}
