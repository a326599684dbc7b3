/** Tables as pieces of HTML between which the contents of cells stand. */
import { countAt, isSuggested, listAt, textAt, valueAt } from './json.ts'

/** HTML, or the content of a cell. */
export type Piece = string | readonly unknown[]

/** Docs has at most 20 columns. */
const MAX_COLUMNS = 100
const MAX_ROWS = 10_000

/** A table of one cell is a box around its content: the content alone is given. */
export function tablePieces(table: unknown): readonly Piece[] {
  const rows = listAt(table, 'tableRows').filter((row) => !isSuggested(row))
  const only = rows.length === 1 ? listAt(rows[0], 'tableCells') : []
  if (only.length === 1) return [listAt(only[0], 'content')]
  if (rows.length === 0) return []
  const pieces: Piece[] = ['<table>']
  const columns = countAt(table, 'columns', 0, MAX_COLUMNS)
  /** By column: the first row that a merged cell above doesn't reach into. */
  const freeFrom: number[] = []
  for (const [row, from] of rows.entries()) {
    const name = isHeader(from, row) ? 'th' : 'td'
    const cells = listAt(from, 'tableCells').filter((cell) => !isSuggested(cell))
    const holdsCovered = cells.length === columns
    pieces.push('<tr>')
    for (const [column, cell] of cells.entries()) {
      // Merged cells stay in their rows, empty; their text went into the one that is shown.
      if (holdsCovered && (freeFrom[column] ?? 0) > row && isEmpty(cell)) continue
      const spans = spansOf(cell)
      for (let at = column; at < Math.min(column + spans.columns, cells.length); at += 1)
        freeFrom[at] = row + spans.rows
      pieces.push(`<${name} colspan="${spans.columns}" rowspan="${spans.rows}">`, listAt(cell, 'content'), `</${name}>`)
    }
    pieces.push('</tr>')
  }
  pieces.push('</table>')
  return pieces
}

function spansOf(cell: unknown): { readonly columns: number; readonly rows: number } {
  const style = valueAt(cell, 'tableCellStyle')
  return { columns: countAt(style, 'columnSpan', 1, MAX_COLUMNS), rows: countAt(style, 'rowSpan', 1, MAX_ROWS) }
}

function isEmpty(cell: unknown): boolean {
  return listAt(cell, 'content').every((element) => {
    const elements = listAt(element, 'paragraph', 'elements')
    return (
      elements.length > 0 &&
      elements.every((each) => textAt(each, 'textRun', 'content').trim() === '' && !holdsOther(each))
    )
  })
}

function holdsOther(element: unknown): boolean {
  return valueAt(element, 'textRun') === undefined
}

/** Pinned as a header, or the first row with all of its text bold. */
function isHeader(row: unknown, index: number): boolean {
  if (valueAt(row, 'tableRowStyle', 'tableHeader') === true) return true
  return index === 0 && listAt(row, 'tableCells').every(isBold)
}

function isBold(cell: unknown): boolean {
  const runs = listAt(cell, 'content').flatMap((element) => listAt(element, 'paragraph', 'elements'))
  const shown = runs.filter((run) => textAt(run, 'textRun', 'content').trim() !== '')
  return shown.length > 0 && shown.every((run) => valueAt(run, 'textRun', 'textStyle', 'bold') === true)
}
