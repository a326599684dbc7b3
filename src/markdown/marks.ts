/** Moves the edges of marks to where markdown's delimiters work: off white space, and off punctuation beside a word. */

import { type Marks, PLAIN, type Run, sameMarks } from './outline.ts'

type Delimited = 'strong' | 'emphasis' | 'deleted'

const DELIMITED: readonly Delimited[] = ['strong', 'emphasis', 'deleted']
/** Longer runs of punctuation lose the mark instead of being searched. */
const MAX_PUNCTUATION = 64

/** Neighbouring texts with the same marks are joined; white space and breaks carry what both their neighbours do. */
export function placeMarks(runs: readonly Run[]): readonly Run[] {
  if (runs.every((run) => run.marks === PLAIN)) return joined(runs)
  let pieces = shareSpaces(splitSpaces(runs))
  for (const mark of DELIMITED) {
    if (pieces.some(({ marks }) => marks[mark])) pieces = moveEnds(moveStarts(pieces, mark), mark)
  }
  return joined(pieces)
}

function splitSpaces(runs: readonly Run[]): Run[] {
  const pieces: Run[] = []
  for (const run of runs) {
    if (run.type !== 'text' || run.marks === PLAIN) {
      pieces.push(run.type === 'text' ? run : { ...run, marks: { ...run.marks, code: false } })
      continue
    }
    const core = run.text.trim()
    if (core === '') pieces.push(run)
    else {
      if (run.text.startsWith(' ')) pieces.push({ ...run, text: ' ' })
      pieces.push({ ...run, text: core })
      if (run.text.endsWith(' ')) pieces.push({ ...run, text: ' ' })
    }
  }
  return pieces
}

function shareSpaces(pieces: readonly Run[]): Run[] {
  const shared: Run[] = []
  for (const [i, piece] of pieces.entries()) {
    if (!isSpace(piece)) shared.push(piece)
    else shared.push({ ...piece, marks: common(shared.at(-1)?.marks, pieces[i + 1]?.marks, piece.type === 'text') })
  }
  return shared
}

function isSpace(piece: Run): boolean {
  return piece.type === 'break' || (piece.type === 'text' && piece.text === ' ')
}

function common(a: Marks = PLAIN, b: Marks = PLAIN, isText: boolean): Marks {
  return {
    strong: a.strong && b.strong,
    emphasis: a.emphasis && b.emphasis,
    deleted: a.deleted && b.deleted,
    code: a.code && b.code && isText,
    link: a.link === b.link ? a.link : null,
  }
}

/** `a<b>(b)</b>`: punctuation behind a word leaves the mark, so that its delimiter can open. */
function moveStarts(pieces: readonly Run[], mark: Delimited): Run[] {
  const moved: Run[] = []
  for (const piece of pieces) {
    const before = moved.at(-1)
    if (before === undefined || !piece.marks[mark] || before.marks[mark] || !endsInWord(before)) moved.push(piece)
    else for (const part of withoutStart(piece, mark)) moved.push(part)
  }
  return moved
}

function withoutStart(piece: Run, mark: Delimited): Run[] {
  const text = plainText(piece)
  const length = text === null ? -1 : (/^[\p{P}\p{S}]+/u.exec(text.slice(0, MAX_PUNCTUATION))?.[0].length ?? 0)
  if (length === 0 || piece.type !== 'text') return length === 0 ? [piece] : [unmarked(piece, mark)]
  if (length < 0 || length >= Math.min(MAX_PUNCTUATION, piece.text.length)) return [unmarked(piece, mark)]
  return [unmarked({ ...piece, text: piece.text.slice(0, length) }, mark), { ...piece, text: piece.text.slice(length) }]
}

function moveEnds(pieces: readonly Run[], mark: Delimited): Run[] {
  const moved: Run[] = []
  for (let i = pieces.length - 1; i >= 0; i -= 1) {
    const piece = pieces[i]
    const after = moved.at(-1)
    if (piece === undefined) continue
    if (after === undefined || !piece.marks[mark] || after.marks[mark] || !startsWithWord(after)) moved.push(piece)
    else for (const part of withoutEnd(piece, mark)) moved.push(part)
  }
  return moved.reverse()
}

/** The parts in reverse. */
function withoutEnd(piece: Run, mark: Delimited): Run[] {
  const text = plainText(piece)
  const tail = text?.slice(-MAX_PUNCTUATION)
  const length = tail === undefined ? -1 : (/[\p{P}\p{S}]+$/u.exec(tail)?.[0].length ?? 0)
  if (length === 0 || piece.type !== 'text') return length === 0 ? [piece] : [unmarked(piece, mark)]
  if (length < 0 || length >= Math.min(MAX_PUNCTUATION, piece.text.length)) return [unmarked(piece, mark)]
  const cut = piece.text.length - length
  return [unmarked({ ...piece, text: piece.text.slice(cut) }, mark), { ...piece, text: piece.text.slice(0, cut) }]
}

function unmarked(run: Run, mark: Delimited): Run {
  return { ...run, marks: { ...run.marks, [mark]: false } }
}

/** Null for what is written with delimiters of its own: links, code and images begin and end in punctuation. */
function plainText(run: Run): string | null {
  return run.type === 'text' && !run.marks.code && run.marks.link === null ? run.text : null
}

function endsInWord(run: Run): boolean {
  return /[^\s\p{P}\p{S}]$/u.test(plainText(run)?.slice(-2) ?? ' ')
}

function startsWithWord(run: Run): boolean {
  return /^[^\s\p{P}\p{S}]/u.test(plainText(run)?.slice(0, 2) ?? ' ')
}

function joined(runs: readonly Run[]): Run[] {
  const whole: Run[] = []
  let texts: string[] = []
  let marks: Marks = PLAIN
  function end() {
    if (texts.length > 0) whole.push({ type: 'text', text: texts.join(''), marks: normal(marks) })
    texts = []
  }
  for (const run of runs) {
    if (run.type !== 'text') {
      end()
      whole.push(run)
      continue
    }
    if (texts.length > 0 && !sameMarks(marks, run.marks)) end()
    marks = run.marks
    texts.push(run.text)
  }
  end()
  return whole
}

/** So that plain text can be told by identity. */
function normal(marks: Marks): Marks {
  return sameMarks(marks, PLAIN) ? PLAIN : marks
}
