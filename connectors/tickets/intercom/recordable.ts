/** What a recording keeps of Intercom's answers. */
import type { Json, Recordable } from '../../../src/core/types.ts'

/** Null for what is no answer of Intercom's that the connector reads. */
export function intercomRecordable(_answer: Json): Recordable | null {
  return null
}
