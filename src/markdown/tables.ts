/**
 * Tables in one pass: spans are expanded by repeating the text they stand for, within a budget, because a span of a
 * few characters can ask for a million cells.
 */

import { type Block, type Cell, type List, PLAIN, type Run, type Table } from './outline.ts'
import type { Tally } from './tally.ts'

/** Of one span. A row's own cells are never cut. */
const MAX_SPAN = 1_000

/** Characters that repeated and filled-in cells may still add to a document. */
export interface SpanBudget {
  left: number
}

/** One place of the grid; null was not in the source. */
export interface Slot {
  readonly cell: Cell | null
  /** The same cell stands to the left, or above. */
  readonly repeats: 'column' | 'row' | null
}

export interface Grid {
  /** Null where no row names the columns. */
  readonly header: readonly Slot[] | null
  readonly rows: readonly (readonly Slot[])[]
  readonly width: number
}

export interface SpanCosts {
  readonly budget: SpanBudget
  readonly tally: Tally
  cost(cell: Cell): number
}

/** The first row is the header where it stands in a thead or has header cells only. */
export function gridOf(table: Table, costs: SpanCosts): Grid {
  const rows = expandRows(table, costs)
  const first = table.rows[0]
  const isHeader = first !== undefined && (first.head || first.cells.every(({ header }) => header))
  const header = isHeader ? (rows[0] ?? null) : null
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  return { header, rows: isHeader ? rows.slice(1) : rows, width }
}

interface Carried {
  readonly cell: Cell
  left: number
}

function expandRows(table: Table, costs: SpanCosts): Slot[][] {
  const carried: (Carried | undefined)[] = []
  const rows: Slot[][] = []
  for (const { cells } of table.rows) {
    if (cells.length === 0 && carried.length === 0) continue
    const row: Slot[] = []
    for (const cell of cells) {
      placeCarried(row, carried, costs)
      placeCell(row, carried, cell, costs)
    }
    placeTrailing(row, carried, costs)
    rows.push(row)
  }
  return rows
}

function placeCarried(row: Slot[], carried: (Carried | undefined)[], costs: SpanCosts): void {
  for (let above = carried[row.length]; above !== undefined; above = carried[row.length]) {
    if (!placeAbove(row, carried, above, costs)) return
  }
}

function placeAbove(row: Slot[], carried: (Carried | undefined)[], above: Carried, costs: SpanCosts): boolean {
  const column = row.length
  above.left -= 1
  if (above.left === 0) carried[column] = undefined
  if (!pay(costs, above.cell)) {
    carried.length = 0
    return false
  }
  const isSecond = row.at(-1)?.cell === above.cell
  row.push({ cell: above.cell, repeats: isSecond ? 'column' : 'row' })
  return true
}

function placeCell(row: Slot[], carried: (Carried | undefined)[], cell: Cell, costs: SpanCosts): void {
  const columns = Math.min(cell.columns, MAX_SPAN)
  if (cell.columns > MAX_SPAN) costs.tally.add('table:span')
  for (let i = 0; i < columns; i += 1) {
    if (i > 0 && !pay(costs, cell)) return
    if (cell.rows > 1) carried[row.length] = { cell, left: cell.rows - 1 }
    row.push({ cell, repeats: i === 0 ? null : 'column' })
  }
}

/** What hangs down behind the row's last cell. */
function placeTrailing(row: Slot[], carried: (Carried | undefined)[], costs: SpanCosts): void {
  while (carried.length > 0 && carried.at(-1) === undefined) carried.pop()
  while (carried.length > row.length) {
    const above = carried[row.length]
    if (above !== undefined) placeAbove(row, carried, above, costs)
    else row.push(EMPTY)
  }
}

const EMPTY: Slot = { cell: null, repeats: null }

function pay({ budget, tally, cost }: SpanCosts, cell: Cell): boolean {
  const price = cost(cell) + SEPARATOR
  if (price > budget.left) {
    tally.add('table:span')
    return false
  }
  budget.left -= price
  return true
}

/** What a cell adds to a row beside its text. */
const SEPARATOR = 3

/** `cellText` answers one line, already escaped for a cell. */
export function tableMarkdown(grid: Grid, costs: SpanCosts, cellText: (cell: Cell) => string): string {
  const textOf = (slot: Slot | undefined) => (slot?.cell == null ? '' : cellText(slot.cell))
  const columns = Array.from({ length: grid.width }, (_, column) => column)
  const lines = [tableRow(columns.map((column) => textOf(grid.header?.[column]))), tableRow(columns.map(() => '---'))]
  for (const row of grid.rows) {
    const texts = row.map(textOf)
    if (texts.every((text) => text === '')) continue
    lines.push(tableRow(texts.concat(missing(grid.width - row.length, costs))))
  }
  return lines.join('\n')
}

/** Markdown lets short rows be, so they are only filled while that is cheap. */
function missing(count: number, { budget }: SpanCosts): string[] {
  if (count * 2 > budget.left) return []
  budget.left -= count * 2
  return new Array(count).fill('')
}

function tableRow(texts: readonly string[]): string {
  return `|${texts.map((text) => (text === '' ? ' ' : ` ${text} `)).join('|')}|`
}

/**
 * A table as a list with one item a row and one paragraph or more a cell, each named by its column: for what no
 * markdown table can hold. Names are repeated for every row, so they are paid for like spans. What a column is called
 * that names nothing, and what of a header is no name, comes first.
 */
export function tableRecords(grid: Grid, costs: Pick<SpanCosts, 'budget' | 'tally'>): List {
  const said = new Set<Cell>()
  const names = (grid.header ?? []).map(({ cell }) => nameOf(cell))
  const items = grid.rows
    .map((row) => row.flatMap((slot, column) => field(slot, names[column] ?? NO_NAME, costs, said)))
    .filter((item) => item.length > 0)
  const unsaid = new Set(names.flatMap(({ cell }) => (cell === null || (said.has(cell) && isName(cell)) ? [] : [cell])))
  const first = [...unsaid].flatMap(({ blocks }) => blocks)
  if (first.length > 0 || items.length === 0) items.unshift(first)
  return { type: 'list', ordered: false, start: 1, items, implied: false, records: true }
}

interface Name {
  readonly cell: Cell | null
  readonly runs: readonly Run[]
  readonly length: number
}

const NO_NAME: Name = { cell: null, runs: [], length: 0 }

/** A cell repeated from the left says nothing new; one repeated from above only where it is short. */
function field(
  { cell, repeats }: Slot,
  name: Name,
  costs: Pick<SpanCosts, 'budget' | 'tally'>,
  said: Set<Cell>,
): Block[] {
  if (cell === null || cell.blocks.length === 0 || repeats === 'column') return []
  const [first, ...rest] = cell.blocks
  if (first === undefined || (repeats === 'row' && (rest.length > 0 || first.type !== 'paragraph'))) return []
  if (name.cell === null || name.length === 0 || !payName(name, costs)) return cell.blocks
  said.add(name.cell)
  if (first.type !== 'paragraph') return [{ type: 'paragraph', runs: [...name.runs, text(':')] }, ...cell.blocks]
  return [{ type: 'paragraph', runs: [...name.runs, text(': '), ...first.runs] }, ...rest]
}

/** Whether a name can say all that the cell does. */
function isName({ blocks }: Cell): boolean {
  return blocks.every(({ type }) => type === 'paragraph' || type === 'heading')
}

function payName({ length }: Name, { budget, tally }: Pick<SpanCosts, 'budget' | 'tally'>): boolean {
  if (length > budget.left) {
    tally.add('table:header')
    return false
  }
  budget.left -= length
  return true
}

function nameOf(cell: Cell | null): Name {
  if (cell === null) return NO_NAME
  const runs = nameRuns(cell.blocks)
  return { cell, runs, length: runs.reduce((sum, run) => sum + (run.type === 'text' ? run.text.length : 20), 0) }
}

function nameRuns(blocks: readonly Block[]): Run[] {
  const runs: Run[] = []
  for (const block of blocks) {
    if (block.type !== 'paragraph' && block.type !== 'heading') continue
    if (runs.length > 0) runs.push(text(' '))
    for (const run of block.runs) runs.push(run.type === 'break' ? text(' ') : run)
  }
  return runs.map((run) => ({ ...run, marks: { ...run.marks, strong: true } }))
}

function text(value: string): Run {
  return { type: 'text', text: value, marks: PLAIN }
}
