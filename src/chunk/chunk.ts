/** Canonical markdown to chunks: pure and deterministic, in time linear in the text. */

import type { Chunk } from '../core/document.ts'
import { sha256 } from '../core/ids.ts'
import { type Block, blocksOf } from './blocks.ts'
import { type Draft, divided, joined, packed } from './drafts.ts'
import { type Heading, headingOf, titlesOf, withTitles } from './headings.ts'
import { LIMIT, measure } from './limits.ts'
import { linesOf } from './lines.ts'
import { countTokens } from './tokens.ts'
import { fitted, type Unit, unitOf } from './units.ts'

/** The version of this folder's behaviour; a change rebuilds the chunks of what is stored. */
export const CHUNKER = 'chunk-1'

const ID_LENGTH = 24

interface Outline {
  readonly headings: readonly Heading[]
  readonly sections: readonly Section[]
}

/** A heading and what stands under it up to the next one; the text in front of the first heading has none. */
interface Section {
  /** How many borders are before it. */
  readonly area: number
  readonly path: readonly number[]
  readonly blocks: readonly Block[]
}

/**
 * Chunks in the order of the text; they do not overlap, and no character but white space is left out. A document
 * without text has one empty chunk, by which its title is found.
 *
 * - `headings` are those that all of the chunk's content stands under, its own included; small sibling sections
 *   share a chunk, their own headings in its text.
 * - `tokens` counts the heading path and the text together and is at most 512.
 * - `text` is `markdown.slice(start, end)`, and only where a table or fence larger than a chunk is cut it has the
 *   table's header rows in front, or the fence's opening line in front and its closing line behind.
 * - No chunk crosses a border, where that stands between two blocks.
 * - `id` depends on the document's id, the heading path and the text, and on how often the same came before.
 *
 * @param borders offsets into the text, ascending
 */
export function chunk(documentId: string, markdown: string, borders: readonly number[] = []): readonly Chunk[] {
  const { headings, sections } = outlineOf(markdown, borders)
  const areas = [...Map.groupBy(sections, ({ area }) => area).values()]
  const drafts = areas.flatMap((area) => joined(area.flatMap((section) => draftsOf(markdown, headings, section))))
  const seen = new Map<string, number>()
  const parts = drafts.flatMap((draft) => chunksOf(markdown, headings, draft))
  return (parts.length === 0 ? [NOTHING] : parts).map((part, ordinal) => ({
    id: idOf(documentId, part, seen),
    ordinal,
    ...part,
  }))
}

function outlineOf(markdown: string, borders: readonly number[]): Outline {
  const headings: Heading[] = []
  const sections: (Section & { blocks: Block[] })[] = []
  let area = 0
  for (const block of blocksOf(markdown, linesOf(markdown))) {
    const last = sections.at(-1)
    const start = block.lines[block.from]?.start ?? 0
    while (start >= (borders[area] ?? Number.POSITIVE_INFINITY)) area++
    if (block.kind === 'heading') {
      const heading = headingOf(markdown, block)
      const path = (last?.path ?? []).filter((id) => (headings[id]?.level ?? 0) < heading.level)
      sections.push({ area, path: [...path, headings.length], blocks: [block] })
      headings.push(heading)
    } else if (last?.area !== area) sections.push({ area, path: last?.path ?? [], blocks: [block] })
    else last.blocks.push(block)
  }
  return { headings, sections }
}

function draftsOf(markdown: string, headings: readonly Heading[], { path, blocks }: Section): Draft[] {
  const budget = LIMIT - measure(withTitles(titlesAt(headings, path), ''))
  const units = blocks.flatMap((block) => fitted(markdown, unitOf(markdown, block, path), budget))
  return packed(markdown, units, budget)
}

type Part = Omit<Chunk, 'id' | 'ordinal'>

const NOTHING: Part = { headings: [], text: '', start: 0, end: 0, tokens: 0 }

/** The draft as a chunk, or as several where the exact count says that it is too large. */
function chunksOf(markdown: string, headings: readonly Heading[], draft: Draft): Part[] {
  const parts: Part[] = []
  const open = [draft]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const part = partOf(markdown, headings, next)
    const pieces = part.tokens > LIMIT ? divided(markdown, next) : [next]
    if (pieces.length < 2 && pieces[0]?.units[0] === next.units[0]) parts.push(part)
    else for (const piece of pieces.toReversed()) open.push(piece)
  }
  return parts
}

function partOf(markdown: string, headings: readonly Heading[], draft: Draft): Part {
  const { start, end } = rangeOf(draft.units)
  const text = framed(draft.units, start, end, markdown.slice(start, end))
  const titles = titlesAt(headings, draft.path)
  return { headings: titles, text, start, end, tokens: countTokens(withTitles(titles, text)) }
}

function rangeOf(units: readonly Unit[]): { start: number; end: number } {
  return { start: units[0]?.start ?? 0, end: units.at(-1)?.end ?? 0 }
}

function framed(units: readonly Unit[], start: number, end: number, text: string): string {
  const head = units[0]?.frame
  const tail = units.at(-1)?.frame
  const before = head && head.start < start ? head.before : ''
  const after = tail && tail.end > end ? tail.after : ''
  return before + text + after
}

function titlesAt(headings: readonly Heading[], path: readonly number[]): string[] {
  return titlesOf(path.flatMap((id) => headings[id] ?? []))
}

function idOf(documentId: string, { headings, text }: Part, seen: Map<string, number>): string {
  const key = sha256(JSON.stringify([documentId, headings, text]))
  const before = seen.get(key) ?? 0
  seen.set(key, before + 1)
  return (before === 0 ? key : sha256(`${key} ${before}`)).slice(0, ID_LENGTH)
}
