/** `unsilo copy --plan`: what a copy would do, told from both indexes, which are only read. */
import { differences } from '../copy/compare.ts'
import type { Store } from '../core/store.ts'
import { openIfThere } from '../indexes/filling.ts'
import { openIndex } from '../indexes/registry.ts'
import { planNotes } from './copy-notes.ts'
import type { Ends } from './copy-target.ts'
import { PLAN_HAS_CHANGES } from './exits.ts'
import type { Io } from './io.ts'
import type { CopyPlanLine, CopyPlanNotesLine } from './json-lines-of-runs.ts'
import type { CopyOptions } from './options.ts'
import { count, counted, json, say } from './output.ts'
import { indexName, openForReading } from './setup.ts'

export async function planCopy(ends: Ends, options: CopyOptions, io: Io): Promise<number> {
  const from = await openForReading(ends.from)
  try {
    const to = await openIfThere(() => openIndex(ends.to, { mode: 'read', unfinished: true }))
    try {
      const documents = to === null ? await allOf(from) : await planned(from, to, options)
      const notes = await planNotes(ends, options)
      const lines = [...documents, ...(notes === null ? [] : [notes])]
      report(lines, ends, options, io)
      return options.exitCode && lines.length > 0 ? PLAN_HAS_CHANGES : 0
    } finally {
      await to?.close()
    }
  } finally {
    await from.close()
  }
}

async function allOf(from: Store): Promise<CopyPlanLine[]> {
  const lines = (await from.sources()).map(async (source) => {
    const { documents } = await from.stats(source)
    return { ...nothing(source), added: documents, records: true }
  })
  return await Promise.all(lines)
}

async function planned(from: Store, to: Store, options: CopyOptions): Promise<CopyPlanLine[]> {
  const lines = new Map<string, CopyPlanLine>()
  for await (const { what, source } of differences(from, to, options)) {
    const line = lines.get(source) ?? nothing(source)
    lines.set(
      source,
      what === 'records' ? { ...line, records: true } : { ...line, [COUNTED[what]]: line[COUNTED[what]] + 1 },
    )
  }
  return [...lines.values()]
}

const COUNTED = { add: 'added', change: 'changed', remove: 'removed' } as const

function nothing(source: string): CopyPlanLine {
  return { type: 'copy-plan', source, added: 0, changed: 0, removed: 0, records: false }
}

function report(
  lines: readonly (CopyPlanLine | CopyPlanNotesLine)[],
  { from, to }: Ends,
  options: CopyOptions,
  io: Io,
): void {
  for (const line of lines) {
    if (options.json) json(io, line)
    else say(io, words(line))
  }
  if (lines.length === 0 && !options.json) say(io, `${indexName(to)} holds what ${indexName(from)} does.`)
}

function words(line: CopyPlanLine | CopyPlanNotesLine): string {
  const { added, changed, removed } = line
  if (line.type === 'copy-plan-notes') {
    return `what was published: ${counted(added, 'new note')}, ${count(changed)} changed, ${count(removed)} removed`
  }
  const { source, records } = line
  const documents = `${counted(added, 'new document')}, ${count(changed)} changed, ${count(removed)} removed`
  return `${source}: ${documents}${records ? ', with its cursor and runs' : ''}`
}
