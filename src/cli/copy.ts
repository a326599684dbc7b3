/** `unsilo copy`: what one index holds into another, whichever drivers they are of, without asking a source. */
import { differences, type Summary, summaryOf } from '../copy/compare.ts'
import { type Copied, copyIndex } from '../copy/copy.ts'
import { UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import type { Filling } from '../indexes/filling.ts'
import { fillIndex } from '../indexes/registry.ts'
import { analysedAgain } from '../sync/remake.ts'
import { type NotesCopy, openNotesCopy } from './copy-notes.ts'
import { planCopy } from './copy-plan.ts'
import { checkTarget, type Ends, isSame } from './copy-target.ts'
import { checkExitCode } from './exits.ts'
import type { Io } from './io.ts'
import type { CopyOptions } from './options.ts'
import { count, counted, json, note } from './output.ts'
import { createProgress } from './progress.ts'
import { givenIndex, holderName, indexName, openForReading, openForWriting, patiently, placeOf } from './setup.ts'

export async function runCopy(options: CopyOptions, io: Io): Promise<number> {
  checkExitCode(options)
  const ends = await endsOf(options, io)
  if (options.plan) return await planCopy(ends, options, io)
  const from = await openFrom(ends, options, io)
  try {
    await copyFrom(from, ends, options, io)
  } finally {
    await from.close()
  }
  return 0
}

async function copyFrom(from: Store, ends: Ends, options: CopyOptions, io: Io): Promise<void> {
  const holder = holderName(`copy from ${indexName(ends.from)}`, io)
  const filling = await patiently(options, io, (wait) => fillIndex(ends.to, { holder, ...wait }))
  try {
    const isThere = await isSame(filling, from, options)
    if (!isThere) await checkTarget(filling, from, ends, options)
    const notes = await openNotesCopy(ends, options, io)
    try {
      const copied = isThere
        ? await leftAsItIs(from, notes, options)
        : await filled(filling, from, notes, ends, options, io)
      report(ends, { ...copied, notes: await notes.finish() }, options, io)
    } finally {
      await notes.close()
    }
  } finally {
    await filling.close()
  }
}

async function leftAsItIs(from: Store, notes: NotesCopy, options: CopyOptions): Promise<Summary & Copied> {
  if (!notes.isSame) await notes.begin()
  return { ...(await summaryOf(from, options)), written: 0, removed: 0 }
}

/** Documents are there before their notes, and nobody publishes in between. */
async function filled(
  filling: Filling,
  from: Store,
  notes: NotesCopy,
  ends: Ends,
  options: CopyOptions,
  io: Io,
): Promise<Summary & Copied> {
  const to = await filling.begin(indexName(ends.from))
  const copied = await withProgress(from, to, options, io)
  const summary = await verified(from, to, ends, options)
  await notes.begin()
  await filling.finish()
  return { ...summary, ...copied }
}

// --- which indexes ----------------------------------------------------------------------------------------------

async function endsOf(options: CopyOptions, io: Io): Promise<Ends> {
  const [from, to] = [await givenIndex(options.from, io), await givenIndex(options.to, io)]
  const memory = [from, to].find((index) => /^memory:/i.test(index))
  if (memory !== undefined) throw new UnsiloError('USAGE', 'An index in memory: ends with the run that filled it.')
  if (placeOf(from) === placeOf(to)) {
    throw new UnsiloError('USAGE', `${indexName(from)} can't be copied onto itself.`, { hint: 'Nothing was changed.' })
  }
  return { from, to }
}

/**
 * With its writer's lock: what is copied is of one moment, and no sync of it moves a cursor that is copied. First to be
 * read, since an older schema is refused then, where opening to write would bring it up to date.
 */
async function openFrom({ from }: Ends, options: CopyOptions, io: Io): Promise<Store> {
  const reader = await openForReading(from)
  if (!options.lock) return reader
  await reader.close()
  return await openForWriting(from, `copy to ${indexName(options.to)}`, options, io)
}

// --- how --------------------------------------------------------------------------------------------------------

async function withProgress(from: Store, to: Store, options: CopyOptions, io: Io): Promise<Copied> {
  const display = await createProgress(io, options)
  try {
    return await copyIndex(from, to, {
      vectors: options.vectors,
      analyse: analysedAgain,
      signal: io.signal,
      progress: (source, done, total) => display.update(source, { stage: 'loading', done, total }),
    })
  } finally {
    display.stop()
  }
}

/** Reads both to their end. Throws where they differ; the copy stays unfinished then. */
async function verified(from: Store, to: Store, ends: Ends, options: CopyOptions): Promise<Summary> {
  const [wanted, made] = await Promise.all([summaryOf(from, options), summaryOf(to, options)])
  if (wanted.content === made.content) return made
  const found: string[] = []
  for await (const difference of differences(from, to, options)) {
    found.push('id' in difference ? difference.id : difference.source)
    if (found.length === SHOWN) break
  }
  throw new UnsiloError(
    options.lock ? 'EXPECTATION_DIFFERS' : 'LOCKED',
    `${indexName(ends.to)} does not hold what ${indexName(ends.from)} does: ${found.map(plainLine).join(', ')}.`,
    { hint: 'The copy stays marked as unfinished. Run the same again: what differs is copied anew.' },
  )
}

/** Documents that are named where many differ. */
const SHOWN = 5

type Told = Summary & Copied & { readonly notes: number }

function report(ends: Ends, told: Told, options: CopyOptions, io: Io): void {
  const [from, to] = [indexName(ends.from), indexName(ends.to)]
  if (options.json) json(io, { type: 'copied', from, to, ...told })
  if (options.json || options.quiet) return
  const { documents, chunks, vectors, notes, content, written, removed } = told
  const parts = [
    `${counted(documents, 'document')} of ${counted(chunks, 'passage')}`,
    counted(vectors, 'vector'),
    ...(notes > 0 ? [`${counted(notes, 'note')} of what was published`] : []),
  ]
  const isDone = written + removed > 0
  const done = isDone ? `${count(written)} written, ${count(removed)} removed` : 'nothing had to be written'
  note(io, `${to} holds what ${from} does: ${parts.join(', ')} (${content.slice(0, 12)}); ${done}`)
}
