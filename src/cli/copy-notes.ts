/** What `unsilo copy` brings along of what was published, so that publishing goes on where the index is now. */

import { UnsiloError } from '../core/errors.ts'
import { sameJson } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import type { Notes } from '../core/notes.ts'
import { mayBeGone } from '../core/unusual.ts'
import { beginNotes, fillNotes, finishNotes, notesBegun, notesIn, openIfThere } from '../indexes/filling.ts'
import { openNotes } from '../indexes/registry.ts'
import type { Ends } from './copy-target.ts'
import type { Io } from './io.ts'
import type { CopyPlanNotesLine } from './json-lines-of-runs.ts'
import type { CopyOptions } from './options.ts'
import { count, counted } from './output.ts'
import { holderName, indexName, patiently } from './setup.ts'

type NotesMap = ReadonlyMap<string, Json>

export interface NotesCopy {
  /** Nothing has to be done. */
  readonly isSame: boolean
  /** From then on nobody publishes from what is there: to be done right before the documents are. Throws LOCKED. */
  begin(): Promise<void>
  /** Reads both to their end, and throws where they differ. Returns how many there are. */
  finish(): Promise<number>
  close(): Promise<void>
}

/** Where there is nothing to copy neither gets a lock, or a file. Throws USAGE and GUARD_TRIPPED as for documents. */
export async function openNotesCopy(ends: Ends, options: CopyOptions, io: Io): Promise<NotesCopy> {
  if (!options.notes) return { isSame: true, begin: nothing, finish: async () => 0, close: nothing }
  const [here, there] = [await readFrom(ends), await readTo(ends)]
  if (isCopy(here, there)) {
    const same = () => stillSame(ends)
    return { isSame: true, begin: async () => void (await same()), finish: same, close: nothing }
  }
  checkTarget(here, there, ends, options)
  const opened: Notes[] = []
  const close = async () => {
    for (const notes of opened.splice(0)) await notes.close()
  }
  const write = async (index: string, work: string, unfinished = false): Promise<Notes> => {
    const asked = { mode: 'write', holder: holderName(work, io), unfinished } as const
    const notes = await patiently(options, io, (wait) => openNotes(index, { ...asked, ...wait }))
    opened.push(notes)
    return notes
  }
  try {
    const locked = options.lock && here.known.size > 0 ? await write(ends.from, `copy to ${indexName(ends.to)}`) : null
    const wanted = locked === null ? here.known : notesIn(locked)
    const to = await write(ends.to, `copy from ${indexName(ends.from)}`, true)
    const from = indexName(ends.from)
    return {
      isSame: false,
      begin: () => beginNotes(to, from),
      finish: async () => {
        await fillNotes(to, wanted, from)
        const number = await verified(ends, options)
        await finishNotes(to)
        return number
      },
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Null where nothing would change. */
export async function planNotes(ends: Ends, options: CopyOptions): Promise<CopyPlanNotesLine | null> {
  if (!options.notes) return null
  const [here, there] = [await readFrom(ends), await readTo(ends)]
  if (isCopy(here, there)) return null
  const [wanted, known] = [[...here.known], there.known]
  return {
    type: 'copy-plan-notes',
    added: wanted.filter(([key]) => !known.has(key)).length,
    changed: wanted.filter(([key, note]) => known.has(key) && !sameJson(known.get(key) ?? null, note)).length,
    removed: missing(known, here.known).length,
  }
}

interface Read {
  readonly known: NotesMap
  /** From where they are being copied. */
  readonly begun: string | null
}

/** Throws INDEX_UNFINISHED where these are no copy yet themselves. */
async function readFrom({ from }: Ends): Promise<Read> {
  return await read(from, false)
}

async function readTo({ to }: Ends): Promise<Read> {
  return await read(to, true)
}

/** Of an index that is not there yet, nothing. */
async function read(index: string, unfinished: boolean): Promise<Read> {
  const notes = await openIfThere(() => openNotes(index, { mode: 'read', holder: '', unfinished }))
  if (notes === null) return { known: new Map(), begun: null }
  await notes.close()
  return { known: notesIn(notes), begun: notesBegun(notes) }
}

function isCopy({ known: here }: Read, { known: there, begun }: Read): boolean {
  return begun === null && sameNotes(here, there)
}

function sameNotes(here: NotesMap, there: NotesMap): boolean {
  if (here.size !== there.size) return false
  return [...here].every(([key, note]) => there.has(key) && sameJson(there.get(key) ?? null, note))
}

function missing(there: NotesMap, here: NotesMap): readonly string[] {
  return [...there.keys()].filter((key) => !here.has(key))
}

/** Whoever goes on has said so before. */
function checkTarget(
  { known: here }: Read,
  { known: there, begun }: Read,
  ends: Ends,
  { force, allowDeletes }: CopyOptions,
): void {
  const [from, to] = [indexName(ends.from), indexName(ends.to)]
  if (begun === null && there.size === 0) return
  if (!force && begun !== from) {
    const what = begun === null ? 'of what was published from it' : `that are being copied from ${begun}`
    throw new UnsiloError('USAGE', `${to} has notes ${what}, and not those of ${from}.`, {
      hint: 'Nothing was changed. --plan shows what would change; add --force to replace them, or --no-notes to leave them.',
    })
  }
  const lost = missing(there, here).length
  if (mayBeGone(lost, there.size, allowDeletes)) return
  const gone = `${count(lost)} of ${counted(there.size, 'note')} of what was published from ${to} are not in ${from}`
  throw new UnsiloError('GUARD_TRIPPED', `${gone}, so it was left as it is.`, {
    hint: `Without them nobody knows which articles are ours. If they may be gone: add --allow-deletes ${lost}; --no-notes leaves them.`,
  })
}

async function verified(ends: Ends, options: CopyOptions): Promise<number> {
  const [here, there] = [await readFrom(ends), await readTo(ends)]
  if (sameNotes(here.known, there.known)) return here.known.size
  throw new UnsiloError(
    options.lock ? 'EXPECTATION_DIFFERS' : 'LOCKED',
    `${indexName(ends.to)} does not hold the notes of publishing that ${indexName(ends.from)} does.`,
    { hint: 'Nobody publishes from it until it does. Run the same again.' },
  )
}

/** Nobody was kept from publishing. */
async function stillSame(ends: Ends): Promise<number> {
  const [here, there] = [await readFrom(ends), await readTo(ends)]
  if (isCopy(here, there)) return here.known.size
  throw new UnsiloError(
    'LOCKED',
    `Somebody published from ${indexName(ends.from)} or ${indexName(ends.to)} meanwhile.`,
    {
      hint: `Publish nothing from ${indexName(ends.to)} yet. Run the same again when that has finished: it brings along what was published.`,
    },
  )
}

async function nothing(): Promise<void> {}
