/** `unsilo forget`: takes a source that the configuration no longer names out of the index, once a person agreed. */
import { UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import type { Io } from './io.ts'
import type { ForgottenLine } from './json-lines-of-runs.ts'
import type { ForgetOptions } from './options.ts'
import { count, counted, json, note, say } from './output.ts'
import { indexName, knownSources, openForReading, openForWriting, openOutline } from './setup.ts'
import { sourceState } from './source-state.ts'

export async function runForget(options: ForgetOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const sources = [...new Set(options.sources)]
  const configured = outline.sources.find(({ name }) => sources.includes(name))
  if (configured !== undefined) throw stillConfigured(configured.name, outline.path)
  const store = await openForReading(outline.index)
  const lines = await knownSources(sources, store, outline)
    .then(() => Promise.all(sources.map((source) => whatGoes(source, store))))
    .finally(() => store.close())
  if (!options.yes && !(await isAgreed(lines, outline.index, options, io))) {
    if (!options.quiet) note(io, 'Nothing was changed.')
    return 1
  }
  await forget(outline.index, sources, options, io)
  for (const line of lines) report(line, options, io)
  return 0
}

function stillConfigured(source: string, path: string): UnsiloError {
  return new UnsiloError('USAGE', `${source} is in the configuration: the next sync would bring it back.`, {
    hint: `Nothing was changed. Take it out of ${path} first; to read all of it again, run \`unsilo sync ${source} --full\`.`,
  })
}

async function whatGoes(source: string, store: Store): Promise<ForgottenLine> {
  const { documents, chunks, quarantined, ignored } = await sourceState(store, source)
  return { type: 'forgotten', source, documents, chunks, quarantined: quarantined + ignored }
}

/** Throws USAGE where nobody is there to be asked. */
async function isAgreed(
  lines: readonly ForgottenLine[],
  index: string,
  options: ForgetOptions,
  io: Io,
): Promise<boolean> {
  if (!options.json) for (const line of lines) say(io, `${words(line)}, and the records of its runs`)
  if (options.json || io.typed === undefined) {
    throw new UnsiloError('USAGE', 'There is nobody to be asked.', {
      hint: 'Nothing was changed. Say --yes to remove it.',
    })
  }
  note(io, `Remove this from ${indexName(index)}? Only its source could bring it back. Type yes:`)
  for await (const answer of io.typed(io.signal)) return /^y(es)?$/i.test(answer.trim())
  return false
}

async function forget(index: string, sources: readonly string[], options: ForgetOptions, io: Io): Promise<void> {
  const store = await openForWriting(index, `forget ${sources.join(' ')}`, options, io, sources)
  try {
    for (const source of sources) await store.forget(source)
  } finally {
    await store.close()
  }
}

function report(line: ForgottenLine, options: ForgetOptions, io: Io): void {
  if (options.json) json(io, line)
  else if (!options.quiet) note(io, `${words(line)}: removed`)
}

function words({ source, documents, chunks, quarantined }: ForgottenLine): string {
  const failed = quarantined === 0 ? '' : `, ${count(quarantined)} in quarantine`
  return `${plainLine(source)}: ${counted(documents, 'document')} of ${counted(chunks, 'passage')}${failed}`
}
