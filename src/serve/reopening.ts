/** The index of a process that runs on while others replace it, as a repair, a copy or a restored file does. */
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'

/** Each call is answered by one index. */
export interface Reopening extends Store {
  /** All that `work` asks is answered by one index: where that is replaced meanwhile, it is done anew. */
  whole<T>(work: (store: Store) => Promise<T>): Promise<T>
}

interface Held {
  readonly store: Promise<Store>
  users: number
  isOld: boolean
}

/** How often a question is asked at most: each time but the first takes a replacement within the time of a question. */
const TRIES = 4

/**
 * Reads from what `open` opened, and once that was replaced from what `open` opens anew: the question is asked anew
 * then. Where nothing can be opened, each question tries again. What was replaced is closed when nobody asks it any more.
 */
export async function reopening(open: () => Promise<Store>): Promise<Reopening> {
  const first = await open()
  let current: Held | null = held(Promise.resolve(first))

  function opened(): Held {
    if (current !== null) return current
    const next = held(open())
    current = next
    next.store.catch(() => {
      if (current === next) current = null
    })
    return next
  }

  async function whole<T>(work: (store: Store) => Promise<T>, tries = TRIES): Promise<T> {
    const asked = opened()
    asked.users += 1
    try {
      const store = await asked.store
      const answer = await work(store)
      await store.checkCurrent?.()
      return answer
    } catch (thrown) {
      if (!isReplaced(thrown) || tries <= 1) throw thrown
      asked.isOld = true
      if (current === asked) current = null
    } finally {
      await leave(asked)
    }
    return await whole(work, tries - 1)
  }

  /** Also where the file is gone: nothing is opened to be closed. */
  async function close(): Promise<void> {
    const last = current
    current = null
    if (last === null) return
    last.isOld = true
    await closeUnused(last)
  }

  const { synonyms, checkCurrent: _, ...answering } = first
  const names = Object.keys(answering) as (keyof typeof answering)[]
  const asking = names.map((name) => [name, (...asked: unknown[]) => whole((store) => call(store, name, asked))])
  return { ...Object.fromEntries(asking), ...(synonyms && { synonyms }), whole, close } as Reopening
}

function held(store: Promise<Store>): Held {
  return { store, users: 0, isOld: false }
}

async function leave(asked: Held): Promise<void> {
  asked.users -= 1
  await closeUnused(asked)
}

async function closeUnused({ store, users, isOld }: Held): Promise<void> {
  if (!isOld || users > 0) return
  const opened = await store.catch(() => null)
  await opened?.close()
}

function call(store: Store, name: keyof Store, values: readonly unknown[]): Promise<unknown> {
  return (store[name] as (...given: readonly unknown[]) => Promise<unknown>)(...values)
}

function isReplaced(thrown: unknown): boolean {
  return thrown instanceof UnsiloError && thrown.code === 'LOCKED'
}
