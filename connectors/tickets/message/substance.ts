/** Whether a message answers: more than courtesy, and more than the promise of an answer. */

import { CONFIRMATIONS, COURTESIES } from './courtesies.ts'
import type { Line } from './line.ts'
import { folded } from './phrases.ts'

const FEWEST_WORDS = 4
const LONGEST_COURTESY = 18
const LONGEST_CONFIRMATION = 5
/** Scripts that write no spaces: two signs count as one word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Hangul}]/gu

export function hasSubstance(lines: readonly Line[]): boolean {
  if (lines.some(({ kind, runs }) => kind === 'code' || runs.some(({ href }) => href !== null))) return true
  let words = 0
  for (const { text } of lines) {
    for (const sentence of text.split(/[.!?,;:…]/)) {
      words += weight(sentence)
      if (words >= FEWEST_WORDS) return true
    }
  }
  return false
}

function weight(sentence: string): number {
  const plain = folded(sentence)
  if (plain === '') return 0
  const words = plain.split(' ').length
  if (words <= LONGEST_COURTESY && COURTESIES.some((each) => plain.startsWith(each))) return 0
  if (words <= LONGEST_CONFIRMATION && CONFIRMATIONS.some((each) => plain.startsWith(each))) return 0
  return words + Math.floor((plain.match(UNSPACED)?.length ?? 0) / 2)
}
