/**
 * The body of a `markdown` macro: headings, fences and paragraphs become HTML; inside a line the author's marks stay
 * as they were typed.
 */
import { codeBlock, type Piece, tag } from './pieces.ts'

export function markdownBody(text: string): Piece {
  const pieces: Piece[] = []
  let paragraph: string[] = []
  let fence: { readonly mark: string; readonly language: string; readonly lines: string[] } | null = null

  function endParagraph(): void {
    if (paragraph.length > 0) pieces.push(tag('p', paragraph.map(lineAfterBreak)))
    paragraph = []
  }

  for (const line of text.split(/\r?\n/)) {
    if (fence !== null) {
      if (line.trim().startsWith(fence.mark)) {
        pieces.push(codeBlock(fence.lines.join('\n'), fence.language))
        fence = null
      } else fence.lines.push(line)
      continue
    }
    const opening = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(line)
    const heading = /^ {0,3}(#{1,6})\s+(\S.*)$/.exec(line)
    if (opening !== null) {
      endParagraph()
      fence = { mark: opening[1] ?? '```', language: opening[2] ?? '', lines: [] }
    } else if (heading !== null) {
      endParagraph()
      pieces.push(tag(`h${heading[1]?.length ?? 1}`, heading[2] ?? ''))
    } else if (line.trim() === '') endParagraph()
    else paragraph.push(line.trim())
  }
  endParagraph()
  if (fence !== null) pieces.push(codeBlock(fence.lines.join('\n'), fence.language))
  return pieces
}

function lineAfterBreak(line: string, index: number): Piece {
  return index === 0 ? line : [{ html: '<br>' }, line]
}
