/** Whether the index can be read, is as it was written, and, where it is not, what becomes of it. */
import { errorCatalogue, UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import type { Damage, RepairReport } from '../core/repair.ts'
import type { Store } from '../core/store.ts'
import { search } from '../query/search.ts'
import { proveWritable } from './check-writable.ts'
import type { Io } from './io.ts'
import { leftovers } from './leftovers.ts'
import type { CheckOptions } from './options.ts'
import { counted, json, note, say, styled } from './output.ts'
import { exists, holderName, indexFile, indexName, openIfThere } from './setup.ts'

interface CheckedIndex {
  readonly index: string
  /** Names of sources; null where the configuration can't be read. */
  readonly configured: readonly string[] | null
}

/** In words, what it holds. A question is asked of it; with `--read-data` all of it is read. */
export async function checkIndex(
  { index, configured }: CheckedIndex,
  options: CheckOptions,
  io: Io,
): Promise<{ readonly message: string; readonly advice?: string }> {
  const file = indexFile(index)
  if (file !== null && !(await exists(file))) {
    await proveWritable(file)
    return { message: `${file}: not made yet, its folder can be written` }
  }
  const store = await openIfThere(index)
  if (store === null) return { message: `${indexName(index)}: not made yet` }
  if (options.readData) await readAll(index, options, io)
  const { held, sources } = await readSome(store)
  if (file !== null) await proveWritable(file)
  const message = `${indexName(index)}: ${held}${options.readData ? ', all as written' : ''}`
  const advice = configured === null ? null : leftovers(sources, configured)
  return advice === null ? { message } : { message, advice }
}

async function readSome(store: Store): Promise<{ readonly held: string; readonly sources: readonly string[] }> {
  try {
    const sources = await store.sources()
    const stats = await Promise.all(sources.map((source) => store.stats(source)))
    await search(store, { text: 'index', as: [], limit: 1 })
    const documents = stats.reduce((sum, one) => sum + one.documents, 0)
    const holder = await store.holder()
    const held = `${counted(documents, 'document')} of ${counted(sources.length, 'source')}`
    return { held: holder === null ? held : `${held}, written to now by ${plainLine(holder)}`, sources }
  } finally {
    await store.close()
  }
}

/** Throws INDEX_DAMAGED where anything is not as it was written, once all of that is said. */
async function readAll(index: string, options: CheckOptions, io: Io): Promise<void> {
  const { verifyIndex } = await import('../indexes/registry.ts')
  const damage = await verifyIndex(index)
  if (damage.length === 0) return
  showDamage(damage, options, io)
  throw new UnsiloError(
    'INDEX_DAMAGED',
    `${counted(damage.length, 'thing')} in it ${damage.length === 1 ? 'is' : 'are'} not as written.`,
    {
      hint: '`unsilo check --repair` makes it anew out of what of it can be trusted, and asks no source. Nothing was changed.',
    },
  )
}

/** Lines for a person; a program gets all. */
const MOST_SHOWN = 20

function showDamage(damage: readonly Damage[], options: CheckOptions, io: Io): void {
  if (options.json) for (const each of damage) json(io, { type: 'damage', ...each })
  if (options.json) return
  for (const { document, what } of damage.slice(0, MOST_SHOWN)) {
    const where = document === undefined ? '' : `${plainLine(document)}: `
    say(io, `${styled(io, 'red', 'damage')}  ${where}${plainLine(what)}`)
  }
  if (damage.length > MOST_SHOWN) say(io, `damage  and ${damage.length - MOST_SHOWN} more; --json has them all`)
}

/** Asks no source. 3 where documents are missing until the next sync. */
export async function repair(index: string, options: CheckOptions, io: Io): Promise<number> {
  const file = indexFile(index)
  if (file !== null && !(await exists(file))) {
    throw new UnsiloError('NOT_FOUND', `There is no index at ${file}.`, { hint: 'Run `unsilo sync` to make it.' })
  }
  const [{ repairIndex }, { remake }] = await Promise.all([
    import('../indexes/registry.ts'),
    import('../sync/remake.ts'),
  ])
  const holder = holderName('check --repair', io)
  const report = await repairIndex(index, { remake, now: io.now, holder, signal: io.signal })
  showDamage(report.damage, options, io)
  if (options.json) json(io, { type: 'repair', ...report })
  else for (const line of repairWords(report)) say(io, line)
  if (report.kept !== null && !options.quiet) note(io, `${report.kept} is what was damaged. It holds texts: delete it.`)
  return report.removed.length + report.reread.length > 0 ? errorCatalogue.PARTIAL.exit : 0
}

function repairWords({ damage, documents, removed, reread }: RepairReport): readonly string[] {
  const made = `${counted(documents, 'document')} kept, what finds them made anew`
  return [
    damage.length === 0 ? `Nothing was damaged: ${made}.` : `Repaired: ${made}.`,
    ...(removed.length === 0
      ? []
      : [`Taken out, since what was stored of them can't be trusted: ${removed.map(plainLine).join(', ')}.`]),
    ...(reread.length === 0
      ? []
      : [`Run \`unsilo sync\`: it reads ${reread.map(plainLine).join(', ')} from the beginning.`]),
  ]
}
