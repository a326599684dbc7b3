/** Where a list of documents goes on: what is told of the last one, as one word that callers hand back as it is. */
import { z } from '@hono/zod-openapi'
import type { ShelfQuery, Shelved } from '../../core/shelves.ts'

type After = NonNullable<ShelfQuery['after']>

/** Titles stand in order by their beginning. */
const LONGEST_TITLE = 200

const known = z.tuple([z.string().max(LONGEST_TITLE), z.string().max(1000)])

export function cursorOf(last: Shelved | undefined): string | null {
  if (last === undefined) return null
  const { title, id } = last.head
  return Buffer.from(JSON.stringify([beginningOf(title), id])).toString('base64url')
}

/** Half a character can't be sent, and counts for nothing in the order. */
function beginningOf(title: string): string {
  return title.slice(0, LONGEST_TITLE).replace(/[\ud800-\udbff]$/, '')
}

/** Undefined for none, null for what is no cursor. */
export function readCursor(cursor: string | undefined): After | undefined | null {
  if (cursor === undefined) return undefined
  try {
    const [title, id] = known.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { title, id }
  } catch {
    return null
  }
}
