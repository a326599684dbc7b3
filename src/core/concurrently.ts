/** Runs a task for every item, a few at a time. */

/** More than `fetch` lets through to one host, so that it never waits for work. */
export const AT_A_TIME = 16

/** On the first failure no further task starts; those under way are awaited, then the failure is thrown. */
export async function forEachConcurrently<T>(
  items: Iterable<T>,
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed = false
  async function work() {
    for (let next = queue.next(); !failed && !next.done; next = queue.next()) {
      try {
        await task(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: limit }, work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
