/** What listings of every vendor have in common: items with ids of digits, read to the end or thrown. */
import { z } from 'zod'
import { UnsiloError } from '../core/errors.ts'
import { invalidAnswer } from './answers.ts'

export interface Listing<T> {
  readonly items: readonly T[]
  /** Requests that it took, those of listings that moved included. */
  readonly pages: number
  /** Items that were seen again. */
  readonly duplicates: number
  /** The vendor's own count, where it was asked for. */
  readonly counted?: number
}

/** Turns an item into ours; gets its id, and its place for messages. */
export type ReadItem<T> = (item: unknown, id: string, place: string) => T

/** A listing that moves while it is read is read again, this often in all. */
export const MOST_READINGS = 4

/** Digits, as text or as a number. */
export const numericId = z.union([
  z.string().regex(/^\d{1,20}$/),
  z
    .int()
    .nonnegative()
    .transform((number) => String(number)),
])

const identified = z.object({ id: numericId })

export function readItem<T>(
  item: unknown,
  place: string,
  read: ReadItem<T>,
): { readonly id: string; readonly value: T } {
  const found = identified.safeParse(item)
  if (!found.success) throw invalidAnswer(place, found.error)
  return { id: found.data.id, value: read(item, found.data.id, place) }
}

/** @param what the vendor and the listing, for the message */
export function incomplete(what: string, why: string): UnsiloError {
  return new UnsiloError('LISTING_INCOMPLETE', `${what}: the listing could not be read to its end: ${why}`, {
    hint: 'Nothing was removed. Run again; if it stays, report it.',
  })
}

/** Of a listing whose last reading held `listed` items and that the vendor counts as `counted`. */
export function unsteady(what: string, counted: number, listed: number): UnsiloError {
  const last = `the last time ${counted} were counted and ${listed} listed`
  return incomplete(what, `in ${MOST_READINGS} readings it never stood still; ${last}`)
}
