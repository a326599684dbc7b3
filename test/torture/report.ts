/** A part's report, made in a process of its own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { PartOptions, PartReport } from './part.ts'

const CHILD = join(import.meta.dirname, 'part-process.ts')

/** A process that ends without a report missed everything. */
export async function reportOf(name: string, { log, ...options }: PartOptions): Promise<PartReport> {
  let report: PartReport | null = null
  const child = fork(CHILD, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.on('message', (message: { readonly line?: string; readonly report?: PartReport }) => {
    if (message.line !== undefined) log(message.line)
    report = message.report ?? report
  })
  child.send({ name, options })
  const [code, signal] = await once(child, 'exit')
  return report ?? { figures: {}, missed: [`its process ended with ${signal ?? code} before it was done`] }
}
