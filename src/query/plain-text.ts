/**
 * Markdown as a reader sees it, on one line: for snippets, so lossy and quick. Every expression is linear, whatever the
 * text: what repeats is bounded, or can't go past the sign that would start the next try.
 */

/** Fences, rules between table rows, thematic breaks, underlines of headings. */
const EMPTY_LINE = /^(?:[ \t|:=*_-]+|[ \t]*(?:`{3,}|~{3,})[^\n`]*)$/gm
/** Quote, heading and list marks where a line starts. */
const LINE_START = /^[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+)?/gm

const DESTINATION = String.raw`(?:<[^<>\n]{0,2000}>|(?:[^()\s<>]|\([^()\s]{0,200}\)){0,2000})(?:\s"[^"\n]{0,500}")?`
const INLINE = new RegExp(
  [
    '(?<ticks>`{1,8})(?<code>[^`]+)\\k<ticks>',
    String.raw`\\(?<escaped>[!-/:-@[-\x60{-~])`,
    String.raw`!?\[(?<label>[^[\]\n]{0,1000})\]\(${DESTINATION}\)`,
    String.raw`<(?<address>(?:https?|mailto):[^<>\s]{1,2000})>`,
    // A backslash at the end of a line breaks it.
    String.raw`(?<space><br ?\/?>|\||\\(?=\n))`,
    // Emphasis; an underscore inside a word is none.
    String.raw`\*{1,3}|~~|(?<![\p{L}\p{N}_])_{1,2}(?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}.,!?])_{1,2}(?![\p{L}\p{N}_])`,
  ].join('|'),
  'gu',
)
const BLANK = /[\s\p{Cc}]+/gu

/** Emphasis may stand inside a link's label, but not deeper. */
const ROUNDS = 2

export function plainText(markdown: string): string {
  const text = markdown.replace(EMPTY_LINE, ' ').replace(LINE_START, '')
  return withoutMarks(text, ROUNDS).replace(BLANK, ' ').trim()
}

function withoutMarks(text: string, rounds: number): string {
  return text.replace(INLINE, (...match) => {
    const { code, escaped, label, address, space } = match.at(-1) as Readonly<Record<string, string | undefined>>
    if (label !== undefined) return rounds > 1 ? withoutMarks(label, rounds - 1) : label
    return code ?? escaped ?? address ?? (space === undefined ? '' : ' ')
  })
}
