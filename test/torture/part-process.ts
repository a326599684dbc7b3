/** A part in a process of its own: is sent its options, sends its progress and its report. */
import type { PartOptions } from './part.ts'
import { parts } from './parts.ts'

process.once('message', async ({ name, options }: { name: string; options: Omit<PartOptions, 'log'> }) => {
  const { part } = (await parts[name]?.()) ?? {}
  if (part === undefined) throw new Error(`no part ${name}`)
  const report = await part.run({ ...options, log: (line) => void process.send?.({ line }) })
  process.send?.({ report }, () => process.exit(0))
})
