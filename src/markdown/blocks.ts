/** Tidy blocks to markdown: light DOM nodes for turndown, tables by tables.ts. */

import { type InlinePlace, inlineNodes } from './inline.ts'
import { element, type Facts, type LightElement, type LightNode, textNode } from './light-dom.ts'
import { type Block, type Cell, type List, type Marks, PLAIN, type Run, sameMarks, type Table } from './outline.ts'
import { codeSpan, createWriter, type Writer } from './rules.ts'
import { gridOf, type SpanBudget, tableMarkdown } from './tables.ts'
import type { Tally } from './tally.ts'

/** Inline nodes that turndown is given at once; a paragraph with more is written in parts, to bound memory. */
const MAX_NODES = 1_000

interface Workshop {
  readonly writer: Writer
  readonly budget: SpanBudget
  readonly tally: Tally
}

/** The markdown of each block of a page, without line breaks at its edges. */
export function blockTexts(blocks: readonly Block[], budget: SpanBudget, tally: Tally): string[] {
  const workshop = { writer: createWriter(), budget, tally }
  const parts: string[] = []
  for (const node of flowNodes(blocks, workshop)) parts.push(workshop.writer.write([node]).replace(/^\n+/, ''))
  return parts.map(withoutLastLines)
}

function* flowNodes(blocks: readonly Block[], workshop: Workshop, tight = false): Generator<LightElement> {
  let delimiter = '.'
  let before: Block | undefined
  for (const block of blocks) {
    const follows = block.type === 'list' && block.ordered && before?.type === 'list' && before.ordered
    // Another delimiter begins another list.
    delimiter = follows && delimiter === '.' ? ')' : '.'
    yield blockNode(block, workshop, { delimiter, tight })
    before = block
  }
}

interface Setting {
  readonly delimiter: string
  readonly tight: boolean
}

function blockNode(block: Block, workshop: Workshop, { delimiter, tight }: Setting): LightElement {
  switch (block.type) {
    case 'paragraph':
      return runsElement('P', block.runs, { tight }, workshop)
    case 'heading':
      return runsElement('H', block.runs, { level: block.level }, workshop)
    case 'code':
      return element('PRE', [], { text: block.text, language: block.language })
    case 'rule':
      return element('HR', [])
    case 'quote':
      return element('BLOCKQUOTE', [...flowNodes(block.blocks, workshop)])
    case 'list':
      return listNode(block, workshop, delimiter, tight)
    case 'table':
      return element('RAW', [], { text: tableText(block, workshop) })
  }
}

function runsElement(name: string, runs: readonly Run[], facts: Facts, workshop: Workshop): LightElement {
  const place = { inCell: false, inHeading: name === 'H' }
  const nodes: LightNode[] = []
  for (const node of inlineNodes(withoutCheckboxes(runs), place)) {
    nodes.push(node)
    if (nodes.length > MAX_NODES) return element(name, [textNode(inlineText(runs, place, workshop.writer))], facts)
  }
  return element(name, nodes, facts)
}

/** One long text, written in parts. */
function inlineText(runs: readonly Run[], place: InlinePlace, writer: Writer): string {
  const parts: string[] = []
  let nodes: LightNode[] = []
  for (const node of inlineNodes(withoutCheckboxes(runs), place)) {
    nodes.push(node)
    if (nodes.length < MAX_NODES) continue
    parts.push(writer.write(nodes))
    nodes = []
  }
  parts.push(writer.write(nodes))
  return parts.join('')
}

/** A checkbox that doesn't begin a list item has no markdown. */
function withoutCheckboxes(runs: readonly Run[]): readonly Run[] {
  if (!runs.some(({ type }) => type === 'checkbox')) return runs
  return runs.map((run) =>
    run.type === 'checkbox' ? { type: 'text', text: run.checked ? '☑' : '☐', marks: run.marks } : run,
  )
}

function listNode(list: List, workshop: Workshop, delimiter: string, tight: boolean): LightElement {
  const close = list.items.every(isTight)
  const items = list.items.map((item, i) => {
    const marker = list.ordered ? `${list.start + i}${delimiter} ` : '- '
    return itemNode(item, marker, close, workshop)
  })
  return element('LIST', items, { tight: tight && close })
}

function itemNode(item: readonly Block[], marker: string, tight: boolean, workshop: Workshop): LightElement {
  const [first, ...rest] = item
  const task = first?.type === 'paragraph' && first.runs[0]?.type === 'checkbox' ? first.runs[0] : null
  if (first?.type !== 'paragraph' || task === null)
    return element('LI', itemNodes(item, tight, workshop), { marker, tight })
  const blocks = [{ ...first, runs: withoutTask(first.runs) }, ...rest]
  return element('LI', itemNodes(blocks, tight, workshop), { marker, tight, checked: task.checked })
}

function itemNodes(blocks: readonly Block[], tight: boolean, workshop: Workshop): LightElement[] {
  return [...flowNodes(blocks, workshop, tight)]
}

/** The box is the item's, the space behind it the marker's. */
function withoutTask(runs: readonly Run[]): readonly Run[] {
  const [, next, ...rest] = runs
  if (next?.type !== 'text') return runs.slice(1)
  const text = next.text.trimStart()
  return text === '' ? rest : [{ ...next, text }, ...rest]
}

/** One paragraph at most, with lists under it. */
function isTight(item: readonly Block[]): boolean {
  return item.every((block, i) => {
    if (block.type !== 'list') return block.type === 'paragraph' && i === 0
    return (i === 0 || canFollowText(block)) && block.items.every(isTight)
  })
}

/** Markdown reads a list right under text only if it begins with `1.` and with a word. */
function canFollowText({ ordered, start, items }: List): boolean {
  return !ordered || (start === 1 && items[0]?.length !== 0)
}

function tableText(table: Table, { writer, budget, tally }: Workshop): string {
  const texts = new Map<Cell, string>()
  const headers = new Set(table.rows[0]?.cells)
  function cellText(cell: Cell): string {
    const known = texts.get(cell)
    if (known !== undefined) return known
    const text = cellLines(cell.blocks, headers.has(cell) && cell.header, writer).join('<br>')
    texts.set(cell, text)
    return text
  }
  const costs = { budget, tally, cost: (cell: Cell) => cellText(cell).length }
  return tableMarkdown(gridOf(table, costs), costs, cellText)
}

/** The lines of a cell, which only `<br>` can separate. */
function cellLines(blocks: readonly Block[], inHeader: boolean, writer: Writer): string[] {
  return blocks.flatMap((block) => {
    switch (block.type) {
      case 'paragraph':
        return [cellRuns(block.runs, inHeader ? { strong: false } : {}, writer)]
      case 'heading':
        return [cellRuns(block.runs, { strong: !inHeader }, writer)]
      case 'code':
        return [codeSpan(block.text, true)]
      case 'quote':
        return cellLines(block.blocks, inHeader, writer)
      case 'list':
        return cellItems(block, inHeader, writer)
      default:
        return []
    }
  })
}

function cellItems(list: List, inHeader: boolean, writer: Writer): string[] {
  return list.items.flatMap((item, i) => {
    const [first = '', ...rest] = cellLines(item, inHeader, writer)
    return [`${list.ordered ? `${list.start + i}.` : '-'} ${first}`, ...rest]
  })
}

/** Names of columns are bold already. */
function cellRuns(runs: readonly Run[], change: Partial<Marks>, writer: Writer): string {
  const changed = 'strong' in change ? runs.map((run) => ({ ...run, marks: changedMarks(run.marks, change) })) : runs
  return inlineText(changed, { inCell: true, inHeading: false }, writer)
}

function changedMarks(marks: Marks, change: Partial<Marks>): Marks {
  const changed = { ...marks, ...change }
  return sameMarks(changed, PLAIN) ? PLAIN : changed
}

function withoutLastLines(markdown: string): string {
  let end = markdown.length
  while (end > 0 && markdown[end - 1] === '\n') end -= 1
  return markdown.slice(0, end)
}
