/** The schema as an ordered list. A published entry never changes: the next need is the next entry. */
import { m001Index } from './m001-index.ts'
import { m002Size } from './m002-size.ts'
import { m003Notes } from './m003-notes.ts'

/** `version` of a schema is the number of entries that were run on it. */
export const migrations: readonly string[] = [m001Index, m002Size, m003Notes]
