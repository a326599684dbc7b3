/** A content's own view restriction, however many requests its readers take. */
import { type Readers, readReaders } from './answers.ts'

/** Restriction entries a request, and requests for one document: whoever is beyond is not let in. */
const READERS_SIZE = 200
const MAX_READER_REQUESTS = 20

/**
 * The names of who may view the content, null if it has no restriction of its own.
 *
 * @param ask requests `restriction/byOperation/read` of the content
 */
export async function readOwnRestriction(
  id: string,
  ask: (page: { start: number; limit: number }) => Promise<unknown>,
): Promise<readonly string[] | null> {
  const names: string[] = []
  for (let start: number | null = 0, asked = 0; start !== null && asked < MAX_READER_REQUESTS; asked += 1) {
    const readers: Readers = readReaders(await ask({ start, limit: READERS_SIZE }), id, start)
    if (start === 0 && !readers.restricted) return null
    names.push(...readers.names)
    start = readers.next
  }
  return names
}
