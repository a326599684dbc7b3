/** `unsilo copy`: what one index holds into another, whichever drivers they are of, without asking a source. */
import { differences, type Summary, summaryOf } from '../copy/compare.ts'
import { type Copied, copyIndex } from '../copy/copy.ts'
import { UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import { fillIndex } from '../indexes/registry.ts'
import { analysedAgain } from '../sync/remake.ts'
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
    if (await isSame(filling, from, options)) {
      return report(ends, await summaryOf(from, options), { written: 0, removed: 0 }, options, io)
    }
    await checkTarget(filling, from, ends, options)
    const to = await filling.begin(indexName(ends.from))
    const copied = await withProgress(from, to, options, io)
    const summary = await verified(from, to, ends, options)
    await filling.finish()
    report(ends, summary, copied, options, io)
  } finally {
    await filling.close()
  }
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

function report(ends: Ends, summary: Summary, copied: Copied, options: CopyOptions, io: Io): void {
  const [from, to] = [indexName(ends.from), indexName(ends.to)]
  if (options.json) json(io, { type: 'copied', from, to, ...summary, ...copied })
  if (options.json || options.quiet) return
  const { documents, chunks, vectors, content } = summary
  const held = `${counted(documents, 'document')} of ${counted(chunks, 'passage')}, ${counted(vectors, 'vector')}`
  const isDone = copied.written + copied.removed > 0
  const done = isDone
    ? `${count(copied.written)} written, ${count(copied.removed)} removed`
    : 'nothing had to be written'
  note(io, `${to} holds what ${from} does: ${held} (${content.slice(0, 12)}); ${done}`)
}
