/** Moves the edges of marks to where markdown's delimiters work: off white space, and off punctuation beside a word. */

import { type Marks, PLAIN, type Run, sameMarks } from './outline.ts'
import { isOwnAddress, isOwnSite } from './urls.ts'

type Delimited = 'strong' | 'emphasis' | 'deleted'

/** Dearest first. */
const DELIMITED: readonly Delimited[] = ['deleted', 'strong', 'emphasis']
/** Longer runs of punctuation lose the mark instead of being searched. */
const MAX_PUNCTUATION = 64

/**
 * Images have no marks but links; white space and breaks are pieces of their own beside marks, and carry those that
 * both their neighbours do.
 */
export function placeMarks(runs: readonly Run[]): readonly Run[] {
  if (runs.every((run) => run.marks === PLAIN)) return runs
  let pieces = thinBesideWords(evenCode(shareSpaces(splitSpaces(runs.map(withoutNeedlessLink)))))
  for (const mark of DELIMITED) {
    if (pieces.some(({ marks }) => marks[mark])) pieces = moveEnds(moveStarts(pieces, mark), mark)
  }
  return pieces.some(({ marks }) => marks.emphasis) ? withoutCrampedEmphasis(pieces) : pieces
}

/** Readers link addresses themselves: a mail address with what touches it, a site up to the next space. */
function withoutNeedlessLink(run: Run, at: number, runs: readonly Run[]): Run {
  const { link, code } = run.marks
  if (run.type !== 'text' || link === null || code) return run
  const before = runs[at - 1]
  const after = runs[at + 1]
  const isNeedless = isOwnSite(run.text, link.url)
    ? (before === undefined || isTextThat(/[\s(]$/, before)) && standsApart(run, after, runs[at + 2])
    : isMailAddress(run) && (isTextThat(/[\w.+-]$/, before) || isTextThat(/^[.@+-]{0,64}\w/, after))
  return isNeedless ? { ...run, marks: { ...run.marks, link: null } } : run
}

/** With no more than the punctuation of its sentence in front of the next space. */
function standsApart(run: Run, after: Run | undefined, next: Run | undefined): boolean {
  if (after === undefined || isTextThat(/^\s/, after)) return true
  if (!sameMarks(after.marks, { ...run.marks, link: null })) return false
  return isTextThat(next === undefined ? /^[?!.,:;)]{1,8}(?:\s|$)/ : /^[?!.,:;)]{1,8}\s/, after)
}

function isTextThat(fits: RegExp, run: Run | undefined): boolean {
  return run?.type === 'text' && !run.marks.code && run.marks.link === null && fits.test(run.text)
}

function splitSpaces(runs: readonly Run[]): Run[] {
  const pieces: Run[] = []
  for (const source of runs) {
    const run = withoutCodeInLink(source)
    if (run.type !== 'text') pieces.push({ ...run, marks: { ...PLAIN, link: run.marks.link } })
    else if (run.marks === PLAIN) pieces.push(run)
    else for (const piece of splitEdges(run)) pieces.push(piece)
  }
  return pieces
}

function splitEdges(run: Run & { readonly type: 'text' }): Run[] {
  const core = run.text.trim()
  if (core === '' || core === run.text) return [run]
  const space = { ...run, text: ' ' }
  return [
    ...(run.text.startsWith(' ') ? [space] : []),
    { ...run, text: core },
    ...(run.text.endsWith(' ') ? [space] : []),
  ]
}

/** Some readers lose a link whose text holds a code span of more than one backtick. */
function withoutCodeInLink(run: Run): Run {
  const isLost = run.type === 'text' && run.marks.code && run.marks.link !== null && run.text.includes('`')
  return isLost ? { ...run, marks: { ...run.marks, code: false } } : run
}

function shareSpaces(pieces: readonly Run[]): Run[] {
  const shared: Run[] = []
  for (const [i, piece] of pieces.entries()) {
    if (!isSpace(piece)) shared.push(piece)
    else shared.push({ ...piece, marks: common(shared.at(-1)?.marks, pieces[i + 1]?.marks, piece.marks.code) })
  }
  return shared
}

export function isSpace(piece: Run | undefined): boolean {
  return piece?.type === 'break' || (piece?.type === 'text' && piece.text === ' ')
}

function common(a: Marks = PLAIN, b: Marks = PLAIN, isCode: boolean): Marks {
  return {
    strong: a.strong && b.strong,
    emphasis: a.emphasis && b.emphasis,
    deleted: a.deleted && b.deleted,
    code: a.code && b.code && isCode,
    link: a.link === b.link ? a.link : null,
  }
}

/** Code holds no other marks, and two code spans can't touch: a span has the marks that all of its parts have. */
function evenCode(pieces: readonly Run[]): readonly Run[] {
  if (!pieces.some(({ marks }) => marks.code)) return pieces
  const even: Run[] = []
  for (let start = 0, end = 0; start < pieces.length; start = end) {
    const first = pieces[start]?.marks ?? PLAIN
    let shared = first
    end = start + 1
    for (let next = pieces[end]; first.code && next !== undefined && isSameCode(next, first); next = pieces[end]) {
      shared = common(shared, next.marks, true)
      end += 1
    }
    for (const piece of pieces.slice(start, end)) even.push(first.code ? { ...piece, marks: shared } : piece)
  }
  return even
}

function isSameCode({ marks }: Run, first: Marks): boolean {
  return marks.code && marks.link === first.link
}

/** `a<b><i>b</i></b>`: of several delimiters in a row only the innermost would touch a word, so one mark stays. */
function thinBesideWords(pieces: readonly Run[]): Run[] {
  return pieces.map((piece, i) => {
    const before = pieces[i - 1]
    const after = pieces[i + 1]
    const starting = before !== undefined && touchesAtEnd(before, piece) ? before.marks : piece.marks
    const ending = after !== undefined && touchesAtStart(after, piece) ? after.marks : piece.marks
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
    if (before === undefined || !piece.marks[mark] || before.marks[mark] || !touchesAtEnd(before, piece))
      moved.push(piece)
    else for (const part of withoutStart(piece, mark, before)) moved.push(part)
  }
  return moved
}

function withoutStart(piece: Run, mark: Delimited, beside: Run): Run[] {
  const text = plainText(piece, beside)
  const length =
    text === null ? -1 : (/^[\p{P}\p{S}][\p{P}\p{S}\s]*/u.exec(text.slice(0, MAX_PUNCTUATION))?.[0].length ?? 0)
  if (length === 0 || piece.type !== 'text') return length === 0 ? [piece] : [unmarked(piece, mark)]
  if (length < 0 || length >= Math.min(MAX_PUNCTUATION, piece.text.length)) return [unmarked(piece, mark)]
  const start = splitEdges({ ...piece, text: piece.text.slice(0, length) })
  return [...start.map((part) => unmarked(part, mark)), { ...piece, text: piece.text.slice(length) }]
}

function moveEnds(pieces: readonly Run[], mark: Delimited): Run[] {
  const moved: Run[] = []
  for (let i = pieces.length - 1; i >= 0; i -= 1) {
    const piece = pieces[i]
    const after = moved.at(-1)
    if (piece === undefined) continue
    if (after === undefined || !piece.marks[mark] || after.marks[mark] || !touchesAtStart(after, piece))
      moved.push(piece)
    else for (const part of withoutEnd(piece, mark, after)) moved.push(part)
  }
  return moved.reverse()
}

/** The parts in reverse. */
function withoutEnd(piece: Run, mark: Delimited, beside: Run): Run[] {
  const text = plainText(piece, beside)
  const tail = text?.slice(-MAX_PUNCTUATION)
  const length = tail === undefined ? -1 : (/[\p{P}\p{S}\s]*[\p{P}\p{S}]$/u.exec(tail)?.[0].length ?? 0)
  if (length === 0 || piece.type !== 'text') return length === 0 ? [piece] : [unmarked(piece, mark)]
  if (length < 0 || length >= Math.min(MAX_PUNCTUATION, piece.text.length)) return [unmarked(piece, mark)]
  const cut = piece.text.length - length
  const end = splitEdges({ ...piece, text: piece.text.slice(cut) }).reverse()
  return [...end.map((part) => unmarked(part, mark)), { ...piece, text: piece.text.slice(0, cut) }]
}

/**
 * Emphasis that `_` can't say, because a word touches it or a link stands in it, takes `*`; beside or inside `**`
 * readers disagree about that, and the emphasis goes.
 */
function withoutCrampedEmphasis(pieces: readonly Run[]): Run[] {
  const eased: Run[] = []
  for (let start = 0, end = 0; start < pieces.length; start = end) {
    end = start + 1
    const isEmphasis = pieces[start]?.marks.emphasis
    while (end < pieces.length && pieces[end]?.marks.emphasis === isEmphasis) end += 1
    const isCramped = isEmphasis && needsStar(pieces, start, end) && hasStrong(pieces, start - 1, end + 1)
    for (const piece of pieces.slice(start, end)) eased.push(isCramped ? unmarked(piece, 'emphasis') : piece)
  }
  return eased
}

function needsStar(pieces: readonly Run[], start: number, end: number): boolean {
  const [before, first, last, after] = [pieces[start - 1], pieces[start], pieces[end - 1], pieces[end]]
  if (before !== undefined && first !== undefined && touchesAtEnd(before, first)) return true
  if (after !== undefined && last !== undefined && touchesAtStart(after, last)) return true
  return pieces.slice(start, end).some(hasDestination)
}

function hasDestination(run: Run): boolean {
  const { link } = run.marks
  return link !== null && !(run.type === 'text' && isOwnAddress(run.text, link.url))
}

function hasStrong(pieces: readonly Run[], start: number, end: number): boolean {
  return pieces.slice(Math.max(0, start), end).some(({ marks }) => marks.strong)
}

function unmarked(run: Run, mark: Delimited): Run {
  return { ...run, marks: { ...run.marks, [mark]: false } }
}

/** Null for what is written with delimiters of its own: links, code and images begin and end in punctuation. */
function plainText(run: Run, beside: Run): string | null {
  const isInside = run.marks.link === null || run.marks.link === beside.marks.link || isMailAddress(run)
  return run.type === 'text' && !run.marks.code && isInside ? run.text : null
}

/** Written as it is, without brackets. */
export function isMailAddress(run: Run): boolean {
  const { link } = run.marks
  return link !== null && run.type === 'text' && !run.text.includes('://') && isOwnAddress(run.text, link.url)
}

function touchesAtEnd(run: Run, beside: Run): boolean {
  return beginsDeleted(run, beside) || endsInWord(plainText(run, beside) ?? '')
}

function touchesAtStart(run: Run, beside: Run): boolean {
  return beginsDeleted(run, beside) || startsWithWord(plainText(run, beside) ?? '')
}

/** To a reader of strikethrough its `~~` is not punctuation. */
function beginsDeleted(run: Run, beside: Run): boolean {
  return run.type === 'text' && run.marks.deleted && !beside.marks.deleted
}

/**
 * Whether a delimiter beside this text touches a word. Symbols outside of ASCII count as one: CommonMark 0.31 takes
 * them for punctuation, older readers do not. Inside of a delimiter the doubt goes the other way.
 */
export function endsInWord(text: string): boolean {
  return /[^\s\p{P}$+<=>^`|~]$/u.test(text.slice(-2))
}

export function startsWithWord(text: string): boolean {
  return /^[^\s\p{P}$+<=>^`|~]/u.test(text.slice(0, 2))
}
