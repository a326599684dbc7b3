/** A note of publishing, parsed as it comes from the disk. */
import type { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'

/** Throws INDEX_DAMAGED. */
export function readNote<S extends z.ZodType>(schema: S, key: string, value: Json): z.output<S> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new UnsiloError('INDEX_DAMAGED', `The notes of publishing hold ${key}, which can't be read.`, {
    hint: 'Nothing was changed. They may be of a newer unsilo: update it.',
  })
}
