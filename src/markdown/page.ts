/** A whole page's flow: tidy blocks, which of them stand for other pages, and which of them others may include. */

import type { Excerpt, Reference } from '../core/document.ts'
import type { Block, PageBlock } from './outline.ts'
import { append, type Tidying, tidyBlocks } from './tidy.ts'

export interface Page {
  readonly blocks: readonly Block[]
  readonly excerpts: readonly NumberedExcerpt[]
}

/** By the numbers of its blocks, `[from, to)`; never empty. */
interface NumberedExcerpt extends Range {
  readonly name: string
}

interface Range {
  readonly from: number
  readonly to: number
}

/** What a page takes from others and what it offers them, by offsets into its markdown. */
export interface Ties {
  readonly references: readonly Reference[]
  readonly excerpts: readonly Excerpt[]
}

/** More than a page has that people wrote; each costs whoever resolves it. Further ones are only links and text. */
const MOST_REFERENCES = 10_000
const MOST_EXCERPTS = 1_000

export const BETWEEN_BLOCKS = '\n\n'

/** Excerpts are dissolved into the flow. One whose list was joined with a list outside of it is none. */
export function tidyPage(page: readonly PageBlock[], tidying: Tidying): Page {
  const blocks: Block[] = []
  /** Of each block, the place in `page` of what it came from. */
  const owners: number[] = []
  const torn = new Set<number>()
  for (const [owner, block] of page.entries()) {
    for (const one of tidyBlocks(block.type === 'excerpt' ? block.blocks : [block], tidying)) {
      append(blocks, one)
      const last = owners.at(-1) ?? owner
      if (blocks.length > owners.length) owners.push(owner)
      else if (one.type === 'list' && last !== owner) torn.add(owner).add(last)
    }
  }
  const whole = withoutEdgeRules(blocks, { from: 0, to: blocks.length })
  const excerpts = rangesOf(owners).flatMap(([owner, range]) => {
    const excerpt = page[owner]
    const { from, to } = withoutEdgeRules(blocks, range)
    if (excerpt?.type !== 'excerpt' || torn.has(owner) || from === to) return []
    return [{ name: excerpt.name, from: from - whole.from, to: to - whole.from }]
  })
  return { blocks: blocks.slice(whole.from, whole.to), excerpts }
}

/** @param texts the markdown of each block of the page */
export function tiesOf({ blocks, excerpts }: Page, texts: readonly string[]): Ties {
  const starts: number[] = []
  let at = 0
  for (const text of texts) {
    starts.push(at)
    at += text.length + BETWEEN_BLOCKS.length
  }
  const placeOf = (from: number, to: number) => ({
    start: starts[from] ?? 0,
    end: (starts[to - 1] ?? 0) + (texts[to - 1]?.length ?? 0),
  })
  const references = blocks.flatMap((block, number) => {
    const include = block.type === 'paragraph' ? block.include : undefined
    return include === undefined ? [] : [{ ...include, ...placeOf(number, number + 1) }]
  })
  return {
    references: references.slice(0, MOST_REFERENCES),
    excerpts: excerpts.slice(0, MOST_EXCERPTS).map(({ name, from, to }) => ({ name, ...placeOf(from, to) })),
  }
}

/** Neighbours with one owner. */
function rangesOf(owners: readonly number[]): (readonly [owner: number, range: Range])[] {
  const starts = [...owners.keys()].filter((at) => at === 0 || owners[at] !== owners[at - 1])
  return starts.map((from, at) => [owners[from] ?? 0, { from, to: starts[at + 1] ?? owners.length }])
}

/** Rules say nothing at the edges, and a first `---` would read as front matter. */
function withoutEdgeRules(blocks: readonly Block[], { from, to }: Range): Range {
  let [start, end] = [from, to]
  while (start < end && blocks[start]?.type === 'rule') start += 1
  while (end > start && blocks[end - 1]?.type === 'rule') end -= 1
  return { from: start, to: end }
}
