/** A writer in a process of its own, as `remote-writer-process.ts` and `remote-notes-process.ts` have it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Writer {
  readonly process: ChildProcess
  /** What it says next; `ended` when it is gone. */
  next(): Promise<string>
  store(line: string): void
  kill(): Promise<void>
  /** What was asked for with `next` and has not come. */
  said: Promise<string> | null
}

export interface WriterOptions {
  readonly source: string
  readonly leaseMs: number
  readonly chunks?: number
  /** Of publishing, not of a source. */
  readonly isPublisher?: boolean
}

export function startWriter(
  location: string,
  { source, leaseMs, chunks = 3, isPublisher = false }: WriterOptions,
): Writer {
  const args = [
    join(import.meta.dirname, isPublisher ? 'remote-notes-process.ts' : 'remote-writer-process.ts'),
    location,
    source,
    String(leaseMs),
    String(chunks),
  ]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  // What it is told once it is gone reaches nobody.
  child.stdin.on('error', () => undefined)
  return {
    process: child,
    said: null,
    next: async () => {
      const { value, done } = await lines.next()
      return done ? 'ended' : value
    },
    store: (line) => void child.stdin.write(`${line}\n`),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  }
}
