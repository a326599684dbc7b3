/**
 * Other tools' markdown, made plain: their own spellings of panels, people, dates and page links become what a reader of
 * them would see, and the marks that only their way back to Confluence needs go.
 */

type Step = readonly [pattern: RegExp, replacement: string]

const STEPS: readonly Step[] = [
  // Front matter at the top, and parts that the author keeps from Confluence.
  [/^---\n[\s\S]*?\n---\n/, ''],
  [/<!-- confluence-skip-start -->[\s\S]*?<!-- confluence-skip-end -->/g, ''],

  // What only stands for something: a preserved macro, a fragment, a column, the place of a listing.
  [/^```confluence-block\n[\s\S]*?^```$/gm, ''],
  [/`\{cf:cfb-\d+\}`/g, ''],
  [/^\[(layout-section|layout-column \d+|extension:[^\]]*)\]$/gm, ''],
  [/\[\[_\w+_\]\]/g, ''],

  // Callouts, by the name of their kind or by a picture of it.
  [/^(\s*> ?)\[!\w+\][-+]?/gm, '$1'],
  [/^(📝|🛑|⚠️) (?=\S)/gmu, ''],
  [/^~~~(?:panel|expand|nestedExpand)\b.*?title="([^"]*)".*$/gm, '**$1**\n'],
  [/^~~~(?:panel|expand|nestedExpand)\b.*$/gm, ''],
  [/^~~~\s*$/gm, '\n'],

  // What a fence says beside its language; a fence that had to fit in a cell.
  [/^```(\w+) (?:collapse )?title (.+)$/gm, '**$2**\n\n```$1'],
  [/^```(\w+) collapse$/gm, '```$1'],
  [/```\w*<br>((?:(?!```).)*)<br>```/g, '$1'],

  // People, days, states, page links, addresses.
  [/\{(?:user|date):([^}]*)\}/g, '$1'],
  [/!\[(\w+)\]\[STATUS-\w+\]/g, '[$1]'],
  [/\[\[([^\]|]+)\|[^\]]+\]\]/g, '$1'],
  [/!?\[\[#?([^\]]+)\]\]/g, '$1'],
  [/<mailto:([^>]+)>/g, '<$1>'],
  // An id of the media service is no address.
  [/!\[([^\]]*)\]\(media:[^)]*\)/g, '$1'],
]

export function plainMarkdown(markdown: string): string {
  return STEPS.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    withoutAdmonitions(markdown),
  )
}

/** `!!! note "Title"` over a block that is indented by four more spaces. */
function withoutAdmonitions(markdown: string): string {
  const lines: string[] = []
  const indents: number[] = []
  for (const line of markdown.split('\n')) {
    const indent = line.search(/\S/)
    while (indent !== -1 && indent <= (indents.at(-1) ?? -1)) indents.pop()
    const own = line.slice(Math.min(4 * indents.length, indent === -1 ? line.length : indent))
    const opening = /^(\s*)!!! \w+(?: "([^"]*)")?\s*$/.exec(own)
    if (opening !== null) indents.push(indent)
    lines.push(opening === null ? own : `\n${opening[2] ?? ''}\n`)
  }
  return lines.join('\n')
}
