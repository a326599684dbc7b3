/** Loads bodies in bulk: what is asked for at the same time becomes one request, and one bad document fails alone. */
import { UnsiloError } from '../../src/core/errors.ts'

type Ask<T> = (ids: readonly string[]) => Promise<ReadonlyMap<string, T | UnsiloError>>

interface Waiting<T> {
  readonly id: string
  resolve(body: T): void
  reject(error: unknown): void
}

const BULK_SIZE = 100

/** This many single documents failing in a row mean that the source fails, not the documents. */
const FAILURES_IN_A_ROW = 3

/**
 * The promised body by id. Fails with DOCUMENT_UNREADABLE where the fault is the document's, else as `ask` does.
 * Ids are sorted within a request, so that a recorded run asks the same again.
 */
export function bulkLoader<T extends object>(ask: Ask<T>): (id: string) => Promise<T> {
  let queue: Waiting<T>[] = []
  let failedInARow = 0

  function flush(): void {
    const waiting = queue.toSorted((a, b) => Number(a.id) - Number(b.id))
    queue = []
    for (let start = 0; start < waiting.length; start += BULK_SIZE) void settle(waiting.slice(start, start + BULK_SIZE))
  }

  /** Never rejects: every outcome goes to the ones who wait. A request that fails is halved until one document is left. */
  async function settle(waiting: readonly Waiting<T>[]): Promise<void> {
    try {
      hand(await ask(waiting.map(({ id }) => id)), waiting)
      failedInARow = 0
    } catch (error) {
      if (waiting.length === 1) failedInARow += 1
      if (!isOneDocuments(error) || failedInARow > FAILURES_IN_A_ROW) return refuse(waiting, error)
      if (waiting.length === 1) return refuse(waiting, unreadable(waiting[0]?.id, error))
      const middle = Math.ceil(waiting.length / 2)
      await settle(waiting.slice(0, middle))
      await settle(waiting.slice(middle))
    }
  }

  return (id) =>
    new Promise((resolve, reject) => {
      if (queue.push({ id, resolve, reject }) === 1) setImmediate(flush)
    })
}

function hand<T extends object>(bodies: ReadonlyMap<string, T | UnsiloError>, waiting: readonly Waiting<T>[]): void {
  for (const { id, resolve, reject } of waiting) {
    const body = bodies.get(id)
    if (body === undefined || body instanceof UnsiloError) reject(unreadable(id, body))
    else resolve(body)
  }
}

function refuse<T>(waiting: readonly Waiting<T>[], error: unknown): void {
  for (const { reject } of waiting) reject(error)
}

/** Whether asking for fewer documents could help. */
function isOneDocuments(error: unknown): boolean {
  if (!(error instanceof UnsiloError)) return false
  if (error.code === 'AUTH_REJECTED') return error.status === 403
  return ['SOURCE_UNAVAILABLE', 'ANSWER_INVALID', 'LISTING_INCOMPLETE'].includes(error.code)
}

function unreadable(id: string | undefined, cause: unknown): UnsiloError {
  const why = cause instanceof UnsiloError ? cause.message : 'it is gone, or hidden, since it was listed'
  return new UnsiloError('DOCUMENT_UNREADABLE', `Confluence: ${id} could not be read: ${why}`, { cause })
}
