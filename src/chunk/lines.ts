/** A markdown text as lines, each with where its own content begins once the containers around it are taken off. */

export interface Line {
  /** Offset of the line's first character. */
  readonly start: number
  /** Offset where the content begins: after the quote marks and list indents of the containers it is read in. */
  readonly at: number
  /** Offset of the first character of the content that is not white space; `end` on a blank line. */
  readonly first: number
  /** Offset behind the last character that is not white space. */
  readonly end: number
}

export function linesOf(markdown: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start < markdown.length; ) {
    const newline = markdown.indexOf('\n', start)
    const next = newline === -1 ? markdown.length : newline
    lines.push(line(markdown, start, start, trimmedEnd(markdown, start, next)))
    start = next + 1
  }
  return lines
}

/** The same line read inside a container whose mark or indent is `width` characters wide. */
export function inside(markdown: string, outer: Line, width: number): Line {
  return line(markdown, outer.start, Math.min(outer.at + width, outer.end), outer.end)
}

export function isBlank(line: Line): boolean {
  return line.first >= line.end
}

/** Columns of white space before the content; a tab counts as four. */
export function indentOf(markdown: string, line: Line): number {
  let columns = 0
  for (let i = line.at; i < line.first; i++) columns += markdown[i] === '\t' ? 4 : 1
  return columns
}

function line(markdown: string, start: number, at: number, end: number): Line {
  let first = at
  while (first < end && isSpace(markdown.charCodeAt(first))) first++
  return { start, at, first, end: Math.max(end, at) }
}

function trimmedEnd(markdown: string, start: number, end: number): number {
  let last = end
  while (last > start && isSpace(markdown.charCodeAt(last - 1))) last--
  return last
}

/** ASCII white space only: a hard space is content. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
