/**
 * Notes as every driver keeps them: all are read when they are opened, and each that is written is stored before it is known of.
 * They are opaque texts to a driver.
 */
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Notes } from '../core/notes.ts'

export interface NotesOptions {
  /** `read` creates and changes nothing, and works beside a writer. */
  readonly mode: 'read' | 'write'
  /** Who writes, as another writer is told. */
  readonly holder: string
  /** How long to wait for another writer; absent: not at all. */
  readonly lockTimeoutMs?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal
}

/** Where a driver stores them, as JSON. Each throws LOCKED where the right to write is over. */
export interface NotesKeeper {
  put(key: string, text: string): Promise<void>
  remove(key: string): Promise<void>
  /** All of these, and no others. */
  replace(texts: ReadonlyMap<string, string>): Promise<void>
  /** By this machine's clocks: it waits for nobody. */
  check(): void
  close(): Promise<void>
}

/** Throws INDEX_DAMAGED. */
export function parseNote(path: string, key: string, text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new UnsiloError('INDEX_DAMAGED', `The notes of publishing in ${path} hold ${key}, which can't be read.`, {
      hint: 'Nothing was changed. Restore them from a backup.',
      cause,
    })
  }
}

/** @param path what the index is called in messages */
export function writtenNotes(path: string, loaded: ReadonlyMap<string, Json>, keeper: NotesKeeper): Notes {
  let known = new Map(loaded)
  let turn: Promise<unknown> = Promise.resolve()
  let failure: UnsiloError | null = null
  let isOpen = true

  function check(): void {
    if (failure !== null) throw failure
    if (!isOpen) throw new UnsiloError('UNEXPECTED', `The notes of ${path} are closed.`)
    asked(path, () => keeper.check())
  }

  /** One after the other. Where one may be stored or not, none is written after it. */
  async function writing(work: () => Promise<void>): Promise<void> {
    const next = turn.then(async () => {
      check()
      try {
        await work()
      } catch (thrown) {
        failure = overIn(path, thrown)
        throw failure
      }
    })
    turn = next.catch(() => undefined)
    await next
  }

  return {
    all: () => known,
    put: async (key, note) => {
      const text = JSON.stringify(note)
      await writing(async () => {
        await keeper.put(key, text)
        known.set(key, JSON.parse(text) as Json)
      })
    },
    remove: async (key) => {
      await writing(async () => {
        await keeper.remove(key)
        known.delete(key)
      })
    },
    replace: async (notes) => {
      const texts = new Map([...notes].map(([key, note]) => [key, JSON.stringify(note)]))
      await writing(async () => {
        await keeper.replace(texts)
        known = new Map([...texts].map(([key, text]) => [key, JSON.parse(text) as Json]))
      })
    },
    check,
    close: async () => {
      if (!isOpen) return
      isOpen = false
      await turn
      await keeper.close()
    },
  }
}

export function readNotes(path: string, loaded: ReadonlyMap<string, Json>): Notes {
  const refuse = (): never => {
    throw new UnsiloError('UNEXPECTED', `The notes of ${path} were opened for reading only.`)
  }
  const refuseLater = async () => refuse()
  return {
    all: () => loaded,
    ...{ put: refuseLater, remove: refuseLater, replace: refuseLater, check: () => {}, close: async () => {} },
  }
}

function asked(path: string, work: () => void): void {
  try {
    work()
  } catch (thrown) {
    throw overIn(path, thrown)
  }
}

function overIn(path: string, thrown: unknown): UnsiloError {
  const error = asUnsiloError(thrown)
  if (error.code !== 'LOCKED') return error
  return new UnsiloError(
    'LOCKED',
    `The right to publish from ${path} is over: this process stood still for too long.`,
    {
      hint: 'Nothing more was noted or sent. Start again: it goes on from there.',
      cause: thrown,
    },
  )
}
