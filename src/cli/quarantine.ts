/** `unsilo quarantine`: the documents that failed, tried again now, or left alone until they change. */
import { UnsiloError } from '../core/errors.ts'
import type { Failure } from '../core/ledger.ts'
import { plainLine } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import type { Io } from './io.ts'
import type { QuarantinedLine } from './json-lines-of-runs.ts'
import type { QuarantineIdsOptions, QuarantineOptions, QuarantineRetryOptions } from './options.ts'
import { counted, duration, json, note, say, styled } from './output.ts'
import { knownSources, openForReading, openForWriting, openOutline } from './setup.ts'

export async function runQuarantineLs(options: QuarantineOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const names = options.sources.length === 0 ? await store.sources() : [...new Set(options.sources)]
    const lines = (await Promise.all(names.map((name) => quarantinedLines(store, name)))).flat()
    for (const line of lines) {
      if (options.json) json(io, line)
      else say(io, entry(line, io))
    }
    if (lines.length === 0 && !options.json && !options.quiet) note(io, 'No document is in quarantine.')
  } finally {
    await store.close()
  }
  return 0
}

async function quarantinedLines(store: Store, source: string): Promise<readonly QuarantinedLine[]> {
  const failures = await store.quarantine(source)
  const heads = await store.heads(
    source,
    failures.map(({ id }) => id),
  )
  return failures.map(({ ignored = false, ...failure }) => {
    const head = heads.get(failure.id)?.head
    return { type: 'quarantined', source, ...failure, ignored, title: head?.title ?? null, stored: head !== undefined }
  })
}

function entry({ id, code, reason, at, attempts, ignored, title, stored }: QuarantinedLine, io: Io): string {
  const ago = duration(Math.max(0, (io.now() - Date.parse(at)) / 1000))
  const facts = [
    code,
    `${ago} ago`,
    ...(attempts === undefined ? [] : [`tried ${counted(attempts, 'time')}`]),
    ...(ignored ? ['ignored until it changes'] : []),
    stored ? 'its last good version stays' : 'never stored',
  ]
  return [
    `${styled(io, 'bold', plainLine(id))}${title === null ? '' : `  ${plainLine(title)}`}`,
    `  ${styled(io, 'dim', facts.join(' · '))}`,
    `  ${plainLine(reason)}`,
  ].join('\n')
}

/** What was ignored is tried by a run that lists everything: the position of the next may be behind it. */
export async function runQuarantineRetry(options: QuarantineRetryOptions, io: Io): Promise<number> {
  const { index } = await openOutline(options, io)
  const failures = await chosen(options, index)
  const sources = [...new Set(failures.map(([source]) => source))]
  if (failures.length === 0) {
    if (!options.quiet) note(io, 'No document is in quarantine.')
    return 0
  }
  const ignored = failures.filter(([, failure]) => failure.ignored === true)
  if (ignored.length > 0) await mark(index, ignored, false, options, io)
  const { runSync } = await import('./sync.ts')
  return await runSync({ ...NO_SYNC_OPTIONS, ...options, sources, full: ignored.length > 0 }, io)
}

const NO_SYNC_OPTIONS = {
  dryRun: false,
  diff: false,
  exitCode: false,
  maxTimeMs: undefined,
  replay: undefined,
  allowDeletes: undefined,
  allowWider: undefined,
  heartbeatUrl: undefined,
  metricsFile: undefined,
}

export async function runQuarantineIgnore(options: QuarantineIdsOptions, io: Io): Promise<number> {
  const { index } = await openOutline(options, io)
  const failures = await chosen({ ...options, all: false }, index)
  const nameless = failures.find(([, { version }]) => version === undefined)?.[1]
  if (nameless !== undefined) {
    throw new UnsiloError('USAGE', `It is not known which version of ${nameless.id} failed, so none can be ignored.`, {
      hint: 'Nothing was changed. An older unsilo recorded this failure: the next sync tries it again and knows.',
    })
  }
  await mark(index, failures, true, options, io)
  for (const [source, { id }] of failures) {
    if (options.json) json(io, { type: 'ignored', source, id })
    else if (!options.quiet) note(io, `${plainLine(id)} is left alone until it changes.`)
  }
  return 0
}

type Chosen = readonly (readonly [source: string, failure: Failure])[]

/** Throws NOT_FOUND for an id that is not in quarantine, before anything is changed. */
async function chosen({ ids, all }: Pick<QuarantineRetryOptions, 'ids' | 'all'>, index: string): Promise<Chosen> {
  if (ids.length === 0 && !all) throw new UnsiloError('USAGE', 'Name the documents, or say --all.')
  const store = await openForReading(index)
  try {
    const found = new Map<string, Chosen[number]>()
    for (const source of await store.sources()) {
      for (const failure of await store.quarantine(source)) found.set(failure.id, [source, failure])
    }
    if (all) return [...found.values()]
    return [...new Set(ids)].map((id) => found.get(id) ?? notQuarantined(id))
  } finally {
    await store.close()
  }
}

function notQuarantined(id: string): never {
  throw new UnsiloError('NOT_FOUND', `${JSON.stringify(id)} is not in quarantine.`, {
    hint: 'Nothing was changed. `unsilo quarantine ls` prints the ids that are.',
  })
}

async function mark(
  index: string,
  failures: Chosen,
  ignored: boolean,
  options: QuarantineIdsOptions,
  io: Io,
): Promise<void> {
  const store = await openForWriting(index, 'quarantine', options, io)
  try {
    for (const source of new Set(failures.map(([name]) => name))) {
      const ids = failures.flatMap(([name, { id }]) => (name === source ? [id] : []))
      await store.ignore(source, ids, ignored)
    }
  } finally {
    await store.close()
  }
}
