/** What a reader of a markdown chunk sees: the markup's signs and the addresses of links left out, code kept. */

export interface PlainText {
  /** The texts of the headings among its lines. */
  readonly headings: readonly string[]
  readonly body: string
}

const FENCE = /^[ \t>]*(?:[-*+] +|\d{1,9}[.)] +)?(`{3,}|~{3,})/
const HEADING = /^#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const MARKUP =
  /(`{1,8})([^`]+)\1|\\([!-/:-@[-`{-~])|\]\((?:<[^<>]{0,2000}>|[^()\s]{0,2000})(?:\s+"[^"]{0,500}")?\)|<\/?[a-z][a-z0-9]{0,20}(?:\s[^<>]{0,500})?\/?>|\*{1,3}|&(amp|lt|gt|quot|nbsp|#39|#x27);/gi
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
  '#x27': "'",
}

export function plainText(markdown: string): PlainText {
  const headings: string[] = []
  const body: string[] = []
  let fence = ''
  for (const line of markdown.split('\n')) {
    const mark = FENCE.exec(line)?.[1] ?? ''
    const heading = fence === '' ? HEADING.exec(line)?.[1] : undefined
    if (heading !== undefined) headings.push(inline(heading))
    if (mark !== '' && fence === '') fence = mark
    else if (mark !== '' && closes(line, mark, fence)) fence = ''
    else body.push(fence === '' ? inline(line) : line)
  }
  return { headings, body: body.join('\n') }
}

function closes(line: string, mark: string, fence: string): boolean {
  return mark[0] === fence[0] && mark.length >= fence.length && line.trimEnd().endsWith(mark)
}

function inline(line: string): string {
  return line.replace(MARKUP, (found, _ticks, code?: string, escaped?: string, entity?: string) => {
    if (entity !== undefined) return ENTITIES[entity.toLowerCase()] ?? ' '
    return code ?? escaped ?? (found.startsWith('*') ? '' : ' ')
  })
}
