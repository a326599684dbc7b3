/** What was found, as ranking asks for it. */
import type { Candidate } from '../../core/store.ts'
import { damagedDocument } from '../damage.ts'
import { type CandidateRow, toCandidate as toUnscored } from '../rows.ts'
import type { Session } from './connection.ts'

/** Here every chunk was stored with its words. */
export function toCandidate({ path }: Session, row: CandidateRow, score: number): Candidate {
  if (row.words === null) throw damagedDocument(path, row.id, 'passage')
  return { ...toUnscored({ path }, row), score }
}
