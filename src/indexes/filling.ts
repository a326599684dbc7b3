/**
 * An index that is being filled from another one, and that nobody else opens until it is whole. It is known by a source
 * that no configuration can name, so every driver can hold that mark; its cursor says what the index is filled from.
 */
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Notes } from '../core/notes.ts'
import { emptyBatch, type Store } from '../core/store.ts'

export interface FillOptions {
  /** Who writes, as another writer is told. */
  readonly holder?: string
  /** How long to wait for another writer; absent: not at all. */
  readonly lockTimeoutMs?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal
}

export interface Filling {
  /** What is there for readers so far, to be looked at only; null: nothing. */
  readonly present: Store | null
  /** From what somebody began to fill it before; null: nobody did, or nothing of it is in the way. */
  readonly begun: string | null
  /** The index to be filled: what an earlier filling left there is there still. */
  begin(from: string): Promise<Store>
  /** What was filled is there for readers, at once. Then it is closed. */
  finish(): Promise<void>
  /** Leaves what is not finished as it is, to be gone on with. */
  close(): Promise<void>
}

/** The source that says that an index is not whole. */
export const MARK = '.filling'

/** Throws INDEX_UNFINISHED, and closes it, where it is not wholly filled. */
export async function whole(store: Store): Promise<Store> {
  const from = await fillingOrClosed(store)
  if (from === null) return store
  await store.close()
  throw new UnsiloError('INDEX_UNFINISHED', `The index is not whole yet: it is being copied from ${from}.`, {
    hint: 'Nothing of it is read or written until `unsilo copy` has come to its end. Where that was stopped, run it again: it goes on.',
  })
}

/** Throws INDEX_UNFINISHED, and closes them, where they are not wholly those of another index yet. */
export async function wholeNotes(notes: Notes): Promise<Notes> {
  const from = notesBegun(notes)
  if (from === null) return notes
  await notes.close()
  throw new UnsiloError(
    'INDEX_UNFINISHED',
    `The notes of publishing are not whole yet: they are copied from ${from}.`,
    {
      hint: 'Nothing is published until `unsilo copy` has come to its end. Where that was stopped, run it again: it goes on.',
    },
  )
}

/** From where they are being copied; null: nobody began, or it is done. */
export function notesBegun(notes: Notes): string | null {
  const from = notes.all().get(MARK)
  return from === undefined ? null : String(from)
}

/** To be done before the documents are there for everybody: from then on nobody publishes. */
export async function beginNotes(notes: Notes, from: string): Promise<void> {
  await notes.put(MARK, from)
}

/** All of these and no others; the mark stays until `finishNotes`. */
export async function fillNotes(notes: Notes, wanted: ReadonlyMap<string, Json>, from: string): Promise<void> {
  await notes.replace(new Map([...wanted, [MARK, from]]))
}

export async function finishNotes(notes: Notes): Promise<void> {
  await notes.remove(MARK)
}

/** Those that are of something published. */
export function notesIn(notes: Notes): ReadonlyMap<string, Json> {
  return new Map([...notes.all()].filter(([key]) => key !== MARK))
}

/** From what it is being filled; null where it is whole. */
export async function fillingFrom(store: Store): Promise<string | null> {
  const state = await store.state(MARK)
  return state === null ? null : String(state.cursor)
}

/** The same; where it can't be told, the index is closed. */
async function fillingOrClosed(store: Store): Promise<string | null> {
  try {
    return await fillingFrom(store)
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

export async function mark(store: Store, from: string): Promise<void> {
  await store.apply({ ...emptyBatch(MARK), state: { cursor: from, seen: null, policy: null } })
}

export async function unmark(store: Store): Promise<void> {
  if ((await fillingFrom(store)) !== null) await store.forget(MARK)
}

/** The same without the mark among its sources. */
export function unmarked(store: Store): Store {
  return { ...store, sources: async () => (await store.sources()).filter((name) => name !== MARK) }
}

/** Of a driver that has no place beside its index. An older schema is refused, where opening to write would bring it up to date. */
export async function fillInPlace(open: (mode: 'read' | 'write') => Promise<Store>): Promise<Filling> {
  const earlier = await openIfThere(() => open('read'))
  await earlier?.close()
  const store = await open('write')
  const begun = await fillingOrClosed(store)
  return {
    present: earlier === null ? null : unmarked(store),
    begun,
    async begin(from) {
      await mark(store, from)
      return unmarked(store)
    },
    async finish() {
      await unmark(store)
      await store.close()
    },
    close: () => store.close(),
  }
}

export async function openIfThere<T>(open: () => Promise<T>): Promise<T | null> {
  try {
    return await open()
  } catch (thrown) {
    if (thrown instanceof UnsiloError && thrown.code === 'NOT_FOUND') return null
    throw thrown
  }
}
