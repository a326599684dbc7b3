/** What was found, as ranking asks for it. */
import type { Candidate } from '../../core/store.ts'
import { damagedDocument } from '../sqlite-errors.ts'
import { wordsSum } from '../sqlite-sums.ts'
import type { Session } from './connection.ts'

export interface CandidateRow {
  readonly id: string
  readonly ordinal: number
  readonly updated: number | null
  readonly origin: string | null
  readonly words: Buffer | null
  readonly sum: number | null
}

export function toCandidate({ path }: Session, row: CandidateRow, score: number): Candidate {
  const { id, ordinal, updated, origin, words, sum } = row
  if (words === null || wordsSum(id, { ordinal, origin, words }) !== sum) throw damagedDocument(path, id, 'passage')
  return { document: id, ordinal, updated, words, score, ...(origin !== null && { origin }) }
}
