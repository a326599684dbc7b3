/** `unsilo index`: the index made or brought up to date, and the generation before it gone back to. */
import { initIndex, rollbackIndex } from '../indexes/registry.ts'
import type { Io } from './io.ts'
import type { GenerationLine } from './json-lines-of-runs.ts'
import type { IndexInitOptions } from './options.ts'
import { counted, json, note } from './output.ts'
import { holderName, indexName, openOutline, patiently } from './setup.ts'

export async function runIndexInit(options: IndexInitOptions, io: Io): Promise<number> {
  const { index } = await openOutline(options, io)
  const asked = { holder: holderName('index init', io), rebuild: options.rebuild, signal: io.signal }
  const made = await patiently(options, io, (wait) => initIndex(index, { ...asked, ...wait }))
  report({ type: 'generation', ...made }, index, options, io)
  return 0
}

export async function runIndexRollback(options: IndexInitOptions, io: Io): Promise<number> {
  const { index } = await openOutline(options, io)
  const holder = holderName('index rollback', io)
  const { to, documents } = await patiently(options, io, (wait) => rollbackIndex(index, { holder, ...wait }))
  report({ type: 'generation', done: 'rolled back', generation: to, documents }, index, options, io)
  if (!options.quiet) note(io, 'Run `unsilo sync` now: what was removed or restricted since is as it was then.')
  return 0
}

const DONE = {
  made: 'made',
  renewed: 'brought up to date',
  'rolled back': 'gone back',
  nothing: 'as it should be, nothing was changed',
} as const

function report(line: GenerationLine, index: string, options: IndexInitOptions, io: Io): void {
  const { done, generation, documents } = line
  if (options.json) json(io, line)
  else if (!options.quiet)
    note(io, `${indexName(index)}: ${DONE[done]}; generation ${generation} of ${counted(documents, 'document')}`)
}
