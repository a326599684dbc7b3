/** An outline as markdown can say it: nothing empty, lists that would run together joined, tables that can't be one as records. */

import type { Block, Cell, List, Run, Table } from './outline.ts'
import { gridOf, type SpanBudget, tableRecords } from './tables.ts'
import type { Tally } from './tally.ts'

export interface Tidying {
  readonly budget: SpanBudget
  readonly tally: Tally
}

/** Recursion is bounded by the outline's nesting. */
export function tidyBlocks(blocks: readonly Block[], tidying: Tidying, inCell = false): Block[] {
  const tidy: Block[] = []
  for (const block of blocks) {
    for (const one of tidyBlock(block, tidying, inCell)) append(tidy, one)
  }
  return tidy
}

function tidyBlock(block: Block, tidying: Tidying, inCell: boolean): readonly Block[] {
  if (block.type === 'quote') {
    const blocks = tidyBlocks(block.blocks, tidying, inCell)
    return blocks.length === 0 ? [] : [{ ...block, blocks }]
  }
  if (block.type === 'list') return tidyList(block, tidying, inCell)
  if (block.type === 'table') {
    return [...tidyBlocks(block.above, tidying, inCell), ...tidyTable(block, tidying, inCell)]
  }
  return [block]
}

/** Adds the block, or joins it with the last one. */
export function append(tidy: Block[], block: Block): void {
  const last = tidy.at(-1)
  if (block.type === 'rule' && last?.type === 'rule') return
  if (block.type === 'list' && last?.type === 'list' && isJoinable(block) && isJoinable(last)) {
    for (const item of block.items) last.items.push(item)
  } else tidy.push(block)
}

/** Two bulleted lists in a row are one list to every reader of markdown. */
function isJoinable(list: List): boolean {
  return !list.ordered && list.records !== true
}

function tidyList(list: List, tidying: Tidying, inCell: boolean): readonly Block[] {
  const items = list.items.map((item) => withTaskText(withoutRules(tidyBlocks(item, tidying, inCell))))
  const full = items.filter((item) => item.length > 0)
  // An empty item of a numbered list still counts.
  return full.length === 0 ? [] : [{ ...list, items: list.ordered ? items : full }]
}

/** `[ ]` is a box only in front of text on its line. */
function withTaskText(item: Block[]): Block[] {
  const [first, ...rest] = item
  if (first?.type !== 'paragraph' || first.runs[0]?.type !== 'checkbox') return item
  const [{ checked, marks }, ...others] = first.runs
  if (others.some((run) => run.type !== 'break' && !(run.type === 'text' && run.text.trim() === ''))) return item
  return [{ ...first, runs: [{ type: 'text', text: checked ? '☑' : '☐', marks }] }, ...rest]
}

/** `- ---` would be one rule, and rules say nothing at the edge of an item. */
function withoutRules(item: Block[]): Block[] {
  return item.filter((block) => block.type !== 'rule')
}

function tidyTable(table: Table, tidying: Tidying, inCell: boolean): readonly Block[] {
  const rows = table.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({ ...cell, blocks: tidyBlocks(cell.blocks, tidying, true) })),
  }))
  const tidy = { ...table, rows, above: [] }
  const full = rows.flatMap(({ cells }) => cells).filter(({ blocks }) => blocks.length > 0)
  if (full.length === 0) return []
  if (full.length === 1 && rows.every(({ cells }) => cells.length <= 1)) return full[0]?.blocks ?? []
  if (!inCell && !full.some(({ blocks }) => needsRecord(blocks))) return [tidy]
  return [tableRecords(gridOf(tidy, { ...tidying, cost: plainLength }), tidying)]
}

/** Code keeps its lines and its language only in a fence, and a fence doesn't fit into a cell. */
function needsRecord(blocks: readonly Block[]): boolean {
  return blocks.some((block) => {
    if (block.type === 'code') return block.language !== '' || /\n|\\\|/.test(block.text)
    if (block.type === 'list') return block.records === true || block.items.some(needsRecord)
    return block.type === 'quote' && needsRecord(block.blocks)
  })
}

function plainLength({ blocks }: Cell): number {
  const first = blocks[0]
  return first?.type === 'paragraph' ? first.runs.reduce((sum, run) => sum + runLength(run), 0) : 0
}

function runLength(run: Run): number {
  return run.type === 'text' ? run.text.length : 20
}
