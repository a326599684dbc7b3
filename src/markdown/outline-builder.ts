/** Collects runs into paragraphs and paragraphs into the block that is open. */

import type { Look } from '../core/visibility/hidden.ts'
import { cleanCharacters } from './characters.ts'
import type { Block, Cell, Include, List, Marks, PageBlock, Row, Run, Table } from './outline.ts'
import { paragraphsOf } from './paragraphs.ts'
import type { Tally } from './tally.ts'

/** Where new content goes. */
export type Parent =
  | { readonly type: 'blocks'; readonly blocks: PageBlock[] }
  | { readonly type: 'list'; readonly list: List }
  | { readonly type: 'table'; readonly table: Table; readonly head: boolean }
  | { readonly type: 'row'; readonly table: Table; readonly row: Row }

export interface CodeDraft {
  readonly pieces: string[]
  language: string
}

/** What holds at one place of a page. Replaced, never changed, so that leaving an element is taking the former one. */
export interface Place {
  readonly parent: Parent
  readonly marks: Marks
  /** 0 outside of headings. */
  readonly heading: number
  /** Columns; see `MAX_INDENT`. */
  readonly indent: number
  readonly code: CodeDraft | null
  readonly look: Look
  readonly gone: boolean
  readonly inExcerpt: boolean
  readonly include: Include | null
}

export interface OutlineBuilder {
  add(run: Run): void
  /** Ends the open paragraph or heading. Inside a heading, a boundary of blocks is only a space. */
  endParagraph(place: Place): void
  endCode(place: Place, draft: CodeDraft): void
  addBlock(place: Place, block: PageBlock): void
}

export function createOutlineBuilder(tally: Tally): OutlineBuilder {
  let runs: Run[] = []
  return {
    add(run) {
      if (runs.length === 0 && run.type === 'text' && !/\S/.test(run.text)) return
      runs.push(run)
    },
    endParagraph(place) {
      if (runs.length === 0) return
      const { heading, include } = place
      const raw = heading > 0 ? runs.map((run) => (run.type === 'break' ? space(run.marks) : run)) : runs
      runs = []
      for (const paragraph of paragraphsOf(raw, tally)) {
        flowOf(place.parent).push(
          heading > 0
            ? { type: 'heading', level: heading, runs: paragraph }
            : { type: 'paragraph', runs: paragraph, ...(include !== null && { include }) },
        )
      }
    },
    endCode(place, draft) {
      const { text, removed } = cleanCharacters(draft.pieces.join(''))
      tally.add('invisible-character', removed)
      const code = text.replace(/\r\n?/g, '\n').replace(/^\n+/, '').replace(/\n$/, '')
      if (/\S/.test(code)) flowOf(place.parent).push({ type: 'code', text: code, language: draft.language })
    },
    addBlock(place, block) {
      flowOf(place.parent, block.type === 'list').push(block)
    },
  }
}

/** Makes an item, in the implied list that ends these blocks or in a new one. */
export function impliedItem(blocks: PageBlock[]): Block[] {
  const last = blocks.at(-1)
  const list: List =
    last?.type === 'list' && last.implied ? last : { type: 'list', ordered: false, start: 1, items: [], implied: true }
  if (list !== last) blocks.push(list)
  const item: Block[] = []
  list.items.push(item)
  return item
}

/** Content that stands directly in a list is an item, a list there belongs to the last item; in a table it goes above. */
export function flowOf(parent: Parent, isList = false): PageBlock[] {
  if (parent.type === 'blocks') return parent.blocks
  if (parent.type !== 'list') return parent.table.above
  const last = parent.list.items.at(-1)
  if (isList && last !== undefined) return last
  const item: Block[] = []
  parent.list.items.push(item)
  return item
}

/** Adds a cell to the open row, or to a row of its own. */
export function addCell(parent: Parent & { readonly type: 'table' | 'row' }, cell: Cell): void {
  if (parent.type === 'row') parent.row.cells.push(cell)
  else parent.table.rows.push({ head: parent.head, cells: [cell] })
}

function space(marks: Marks): Run {
  return { type: 'text', text: ' ', marks }
}
