/**
 * A document of the Docs API as HTML, all of its tabs. Pure, and without recursion, since tables may stand in tables.
 * Headers, footers and the table of contents are left out, as are suggestions.
 */
import type { Losses } from '../../src/core/document.ts'
import { createTally, endOfLines, escapeText, type Tally, tallyUnknown } from './document/html.ts'
import { codeOf, isEmptyCode, type Page, paragraphParts, tabUrl } from './document/inline.ts'
import { countAt, isSuggested, listAt, textAt, valueAt } from './document/json.ts'
import { createNumbering, MAX_LEVEL, type Numbering } from './document/lists.ts'
import { type OpenLists, openLists } from './document/open-lists.ts'
import { tablePieces } from './document/tables.ts'
import { type Tab, tabsOf } from './document/tabs.ts'

interface Flow {
  readonly content: readonly unknown[]
  at: number
  readonly lists: OpenLists
  /** Lines of a code block that is not written yet. */
  readonly code: string[]
}

interface Workshop extends Page {
  readonly numbering: Numbering
  /** Levels that headings go down, to stand under the tab's own. */
  readonly shift: number
}

/** Of a body: what is shown, and what is left out on purpose. */
const ELEMENTS = ['startIndex', 'endIndex', 'paragraph', 'table', 'sectionBreak', 'tableOfContents']

const LEVELS = new Map([
  ['TITLE', 1],
  ['SUBTITLE', 2],
  ...[1, 2, 3, 4, 5, 6].map((level): [string, number] => [`HEADING_${level}`, level]),
])

/**
 * Losses: `equation`, `checkbox` (its state), `image` and `drawing` (without an alternative text), `heading-level`, `tab` (of
 * another kind), and `element:NAME` for what the API has learnt since.
 *
 * @param document the answer of documents.get
 * @param url the document's address, for links into it
 */
export function render(document: unknown, url: string): { html: string; losses: Losses } {
  const tally = createTally()
  const tabs = tabsOf(document)
  const html = tabs.map((tab) => tabHtml(tab, { url, tally, titled: tabs.length > 1 })).join('')
  return { html, losses: tally.losses() }
}

function tabHtml(tab: Tab, { url, tally, titled }: { url: string; tally: Tally; titled: boolean }): string {
  const notes = new Map<string, number>()
  const footnote = (id: string) => {
    const number = notes.get(id) ?? notes.size + 1
    notes.set(id, number)
    return number
  }
  const shift = titled ? tab.depth + 1 : 0
  const workshop = { tab, url, tally, footnote, shift, numbering: createNumbering(tab.lists) }
  if (tab.content === null) tally.add('tab')
  const body = flowHtml(tab.content ?? [], workshop)
  return `${titled ? tabHeading(tab, url) : ''}${body}${notesHtml(notes, workshop)}`
}

function tabHeading(tab: Tab, url: string): string {
  const level = Math.min(tab.depth + 1, 6)
  return `<h${level}><a href="${escapeText(tabUrl(url, tab.id))}">${escapeText(tab.title)}</a></h${level}>`
}

/** A footnote may name further ones, which are then told of behind it. */
function notesHtml(notes: ReadonlyMap<string, number>, workshop: Workshop): string {
  let html = ''
  for (const [id, number] of notes) {
    html += `<p>[${number}]</p>${flowHtml(listAt(workshop.tab.footnotes, id, 'content'), workshop)}`
  }
  return html.replaceAll(/(<p>\[\d+\])<\/p><p>\s*/g, '$1 ')
}

function flowHtml(content: readonly unknown[], workshop: Workshop): string {
  const html: string[] = []
  const open: (string | Flow)[] = [startFlow(content)]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') {
      html.push(next)
      continue
    }
    const element = next.content[next.at]
    next.at += 1
    if (next.at > next.content.length) {
      html.push(endFlow(next))
      continue
    }
    open.push(next)
    const table = valueAt(element, 'table')
    if (table === undefined) {
      tallyUnknown(element, ELEMENTS, workshop.tally)
      html.push(paragraphHtml(valueAt(element, 'paragraph'), next, workshop))
    } else if (!isSuggested(table)) {
      html.push(endFlow(next))
      for (const piece of tablePieces(table).toReversed())
        open.push(typeof piece === 'string' ? piece : startFlow(piece))
    }
  }
  return html.join('')
}

function startFlow(content: readonly unknown[]): Flow {
  return { content, at: 0, lists: openLists(), code: [] }
}

function endFlow({ lists, code }: Flow): string {
  return endCode(code) + lists.end()
}

function endCode(code: string[]): string {
  if (code.length === 0) return ''
  const text = code.splice(0).join('\n')
  return `<pre><code>${escapeText(text.slice(0, endOfLines(text)))}</code></pre>`
}

function paragraphHtml(paragraph: unknown, flow: Flow, workshop: Workshop): string {
  if (paragraph === undefined) return ''
  const level = LEVELS.get(textAt(paragraph, 'paragraphStyle', 'namedStyleType')) ?? null
  const bullet = valueAt(paragraph, 'bullet')
  if (level === null && bullet === undefined) {
    const code = flow.code.length > 0 && isEmptyCode(paragraph) ? '' : codeOf(paragraph, workshop)
    if (code !== null) {
      const before = flow.lists.end()
      flow.code.push(code)
      return before
    }
  }
  const ended = endCode(flow.code)
  const parts = paragraphParts(paragraph, workshop)
  // A blank line doesn't end a list.
  if (parts.length === 1 && parts[0]?.trim() === '') return ended
  if (bullet === undefined) return ended + flow.lists.end() + blockHtml(parts, level, '', workshop)
  return ended + itemHtml(parts, bullet, { level, flow, workshop })
}

function itemHtml(
  parts: readonly string[],
  bullet: unknown,
  where: { level: number | null; flow: Flow; workshop: Workshop },
) {
  const { level, flow, workshop } = where
  const listId = textAt(bullet, 'listId')
  const depth = countAt(bullet, 'nestingLevel', 0, MAX_LEVEL)
  const glyph = workshop.numbering.next(listId, depth)
  if (level !== null) return flow.lists.end() + blockHtml(parts, level, escapeText(glyph.label), workshop)
  if (glyph.blank) workshop.tally.add('checkbox')
  return flow.lists.item(listId, depth, glyph) + parts.map((part) => `<p>${part}</p>`).join('<hr>')
}

/** @param label the number of a heading */
function blockHtml(parts: readonly string[], level: number | null, label: string, { shift, tally }: Workshop): string {
  const wanted = (level ?? 0) + shift
  if (level !== null && wanted > 6) tally.add('heading-level')
  const name = level === null ? 'p' : `h${Math.min(wanted, 6)}`
  const [first = '', ...rest] = parts
  const labelled = label === '' ? first : `${label} ${first}`
  return [labelled, ...rest].map((part) => (part.trim() === '' ? '' : `<${name}>${part}</${name}>`)).join('<hr>')
}
