/** Moves the edges of marks to where markdown's delimiters work: off white space, and off punctuation beside a word. */

import { type Marks, PLAIN, type Run } from './outline.ts'

type Delimited = 'strong' | 'emphasis' | 'deleted'

/** Dearest first. */
const DELIMITED: readonly Delimited[] = ['deleted', 'strong', 'emphasis']
/** Longer runs of punctuation lose the mark instead of being searched. */
const MAX_PUNCTUATION = 64

/** Images have no marks but links; white space and breaks carry the marks that both their neighbours do, and are pieces of their own between marks. */
export function placeMarks(runs: readonly Run[]): readonly Run[] {
  if (runs.every((run) => run.marks === PLAIN)) return runs
  let pieces = thinBesideWords(shareSpaces(splitSpaces(runs)))
  for (const mark of DELIMITED) {
    if (pieces.some(({ marks }) => marks[mark])) pieces = moveEnds(moveStarts(pieces, mark), mark)
  }
  return pieces
}

function splitSpaces(runs: readonly Run[]): Run[] {
  const pieces: Run[] = []
  for (const run of runs) {
    if (run.type !== 'text') pieces.push({ ...run, marks: { ...PLAIN, link: run.marks.link } })
    else if (run.marks === PLAIN || run.text.trim() === '') pieces.push(run)
    else {
      if (run.text.startsWith(' ')) pieces.push({ ...run, text: ' ' })
      pieces.push({ ...run, text: run.text.trim() })
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

export function isSpace(piece: Run | undefined): boolean {
  return piece?.type === 'break' || (piece?.type === 'text' && piece.text === ' ')
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

/** `a<b><i>b</i></b>`: of several delimiters in a row only the innermost would touch a word, so one mark stays. */
function thinBesideWords(pieces: readonly Run[]): Run[] {
  return pieces.map((piece, i) => {
    const before = pieces[i - 1]
    const after = pieces[i + 1]
    const starting = before !== undefined && endsInWord(before) ? before.marks : piece.marks
    const ending = after !== undefined && startsWithWord(after) ? after.marks : piece.marks
    return thinned(thinned(piece, starting), ending)
  })
}

function thinned(piece: Run, beside: Marks): Run {
  const [, ...surplus] = DELIMITED.filter((mark) => piece.marks[mark] && !beside[mark])
  return surplus.reduce((run, mark) => unmarked(run, mark), piece)
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
  const length = text === null ? -1 : (/^[\p{P}\p{S}][\p{P}\p{S}\s]*/u.exec(text.slice(0, MAX_PUNCTUATION))?.[0].length ?? 0)
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
  const length = tail === undefined ? -1 : (/[\p{P}\p{S}\s]*[\p{P}\p{S}]$/u.exec(tail)?.[0].length ?? 0)
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
