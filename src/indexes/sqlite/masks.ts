/**
 * Which documents are for a reader, as a table by key. Each condition is asked once while the file stays as it is, of the
 * one table that knows; what several of them let through is combined without asking again.
 */
import { readerOf } from '../../core/reader.ts'
import type { Reader } from '../../core/store.ts'
import type { Connection } from './connection.ts'
import { fileVersion } from './counts.ts'
import { type Filter, selectionsFor } from './readers.ts'

/** 1 at the key of each document that is for the reader; keys behind its end are not. */
export type Mask = Uint8Array

const MASKS_KEPT = 24

/** Inside a transaction. */
export function masksOf(db: Connection): (reader: Reader) => Mask {
  let version = ''
  let size = 0
  const masks = new Map<string, Mask>()

  function forgetWhenChanged(): void {
    const next = fileVersion(db)
    if (next === version) return
    version = next
    masks.clear()
    size = (db.get<{ last: number | null }>('SELECT max(key) AS last FROM document')?.last ?? 0) + 1
  }

  function kept(asked: string, make: () => Mask): Mask {
    const known = masks.get(asked)
    if (known !== undefined) return known
    const mask = make()
    if (masks.size >= MASKS_KEPT) masks.clear()
    masks.set(asked, mask)
    return mask
  }

  return (reader) => {
    forgetWhenChanged()
    return kept(JSON.stringify(readerOf(reader)), () => {
      const parts = selectionsFor(reader).map((part) => kept(JSON.stringify(part), () => selected(db, part, size)))
      return inAll(parts)
    })
  }
}

/** As one text: rows would be as many objects. */
function selected(db: Connection, { sql, values }: Filter, size: number): Mask {
  const row = db.get<{ keys: string }>(`SELECT json_group_array(key) AS keys FROM (${sql})`, ...values)
  const mask = new Uint8Array(size)
  for (const key of JSON.parse(row?.keys ?? '[]') as number[]) mask[key] = 1
  return mask
}

function inAll([first = new Uint8Array(), ...others]: readonly Mask[]): Mask {
  if (others.length === 0) return first
  const mask = Uint8Array.from(first)
  for (const other of others)
    for (let key = 0; key < mask.length; key += 1) mask[key] = (mask[key] ?? 0) & (other[key] ?? 0)
  return mask
}
