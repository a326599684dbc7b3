/** Raw runs, as they came from the source, to clean paragraphs: one space between words, none at the edges. */

import { cleanCharacters } from './characters.ts'
import { type Marks, PLAIN, type Run, sameMarks } from './outline.ts'
import type { Tally } from './tally.ts'

const BREAK: Run = { type: 'break', marks: PLAIN }

/** Two line breaks or more end a paragraph; a single one stays as a `break` run. Empty paragraphs are left out. */
export function paragraphsOf(runs: readonly Run[], tally: Tally): Run[][] {
  const state: Collecting = { paragraphs: [], paragraph: [], pieces: [], marks: PLAIN, lineStart: true, tally }
  for (const run of runs) {
    if (run.type === 'break') endLine(state)
    else if (run.type === 'text') addText(state, run.text, run.marks)
    else addOther(state, run)
  }
  endLine(state)
  endParagraph(state)
  return state.paragraphs
}

interface Collecting {
  readonly paragraphs: Run[][]
  paragraph: Run[]
  /** Texts of the same marks, not yet joined. */
  pieces: string[]
  marks: Marks
  /** Nothing stands on the open line. */
  lineStart: boolean
  readonly tally: Tally
}

function addText(state: Collecting, text: string, marks: Marks): void {
  if (!sameMarks(marks, state.marks)) endText(state)
  state.marks = marks
  state.pieces.push(text)
}

function addOther(state: Collecting, run: Run): void {
  endText(state)
  state.paragraph.push(run)
  state.lineStart = false
}

function endText(state: Collecting): void {
  if (state.pieces.length === 0) return
  const { text, removed } = cleanCharacters(state.pieces.join(''))
  state.pieces = []
  state.tally.add('invisible-character', removed)
  const collapsed = text.replace(/\s{2,}|[^\S ]/gu, ' ')
  const last = state.paragraph.at(-1)
  const hasSpace = state.lineStart || (last?.type === 'text' && last.text.endsWith(' '))
  const kept = hasSpace && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed
  if (kept === '') return
  state.paragraph.push({ type: 'text', text: kept, marks: state.marks })
  state.lineStart = false
}

function endLine(state: Collecting): void {
  endText(state)
  if (state.lineStart) endParagraph(state)
  else {
    trimEnd(state.paragraph)
    state.paragraph.push(BREAK)
    state.lineStart = true
  }
}

/** A paragraph ends in the break of its last line. */
function endParagraph(state: Collecting): void {
  if (state.paragraph.length === 0) return
  state.paragraph.pop()
  if (state.paragraph.length > 0) state.paragraphs.push(state.paragraph)
  state.paragraph = []
}

function trimEnd(line: Run[]): void {
  const last = line.at(-1)
  if (last?.type !== 'text' || !last.text.endsWith(' ')) return
  line.pop()
  if (last.text !== ' ') line.push({ ...last, text: last.text.slice(0, -1) })
}
