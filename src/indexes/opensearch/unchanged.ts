/** What is read in several requests, or by several calls, is of one index, or LOCKED. */
import { UnsiloError } from '../../core/errors.ts'
import { MARK } from '../filling.ts'
import { readState } from './ledger.ts'
import { type Opened, presentOf } from './open.ts'

/** Throws LOCKED. */
export type CheckUnchanged = () => Promise<void>

/**
 * Since it was opened to be read nobody has put another generation into its place, and nobody has begun to fill it from another
 * index. One that was wholly filled meanwhile is not noticed.
 */
export async function unchangedSince(opened: Opened): Promise<CheckUnchanged> {
  const { db, generation } = opened
  const isFilled = async () => (await readState(opened, MARK)) !== null
  const wasFilled = await isFilled()
  return async () => {
    if ((await presentOf(db)).generation === generation && (wasFilled || !(await isFilled()))) return
    throw new UnsiloError('LOCKED', `The index ${db.path} was replaced by another one while it was read.`, {
      hint: 'Nothing was taken from both. Run the same again once it is whole.',
    })
  }
}
