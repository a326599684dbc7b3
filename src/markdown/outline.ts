/**
 * What a page says, between its HTML and its markdown: blocks, and runs of text with marks. Nesting is bounded by
 * whoever builds it (see `MAX_INDENT`), so that everything after it may recurse.
 */

/**
 * Columns that lists, quotes and tables inside each other may indent a line by. Every line inside pays for each of
 * them, so this bounds how much longer than its source markdown can be.
 */
export const MAX_INDENT = 36

export type Block =
  | { readonly type: 'paragraph'; readonly runs: readonly Run[]; readonly include?: Include }
  | { readonly type: 'heading'; readonly level: number; readonly runs: readonly Run[] }
  | { readonly type: 'code'; readonly text: string; readonly language: string }
  | { readonly type: 'rule' }
  | { readonly type: 'quote'; readonly blocks: Block[] }
  | List
  | Table

/** What stands in a page's own flow. */
export type PageBlock = Block | ExcerptBlock

/** What the text of a paragraph, a link, stands for. */
export interface Include {
  readonly target: string
  readonly part: string | null
}

/** Blocks that other pages may include by name. */
interface ExcerptBlock {
  readonly type: 'excerpt'
  readonly name: string
  readonly blocks: Block[]
}

export interface List {
  readonly type: 'list'
  readonly ordered: boolean
  readonly start: number
  readonly items: Block[][]
  /** Made for an item that stands outside of any list; the next such item joins it. */
  readonly implied: boolean
  /** Stands for a table: one item a row. */
  readonly records?: boolean
}

export interface Table {
  readonly type: 'table'
  readonly rows: Row[]
  /** Caption and text that stood between the cells: shown above the table, as browsers do. */
  readonly above: Block[]
}

export interface Row {
  /** Stands in a thead. */
  readonly head: boolean
  readonly cells: Cell[]
}

export interface Cell {
  readonly header: boolean
  readonly columns: number
  readonly rows: number
  readonly blocks: Block[]
}

/** Compared by value, but `link` by identity: two links to one address stay two. */
export interface Marks {
  readonly strong: boolean
  readonly emphasis: boolean
  readonly deleted: boolean
  readonly code: boolean
  readonly link: Link | null
}

export interface Link {
  readonly url: string
}

export const PLAIN: Marks = { strong: false, emphasis: false, deleted: false, code: false, link: null }

export type Run =
  | { readonly type: 'text'; readonly text: string; readonly marks: Marks }
  | { readonly type: 'image'; readonly alt: string; readonly url: string; readonly marks: Marks }
  | { readonly type: 'break'; readonly marks: Marks }
  | { readonly type: 'checkbox'; readonly checked: boolean; readonly marks: Marks }

export function sameMarks(a: Marks, b: Marks): boolean {
  if (a === b) return true
  return (
    a.strong === b.strong &&
    a.emphasis === b.emphasis &&
    a.deleted === b.deleted &&
    a.code === b.code &&
    a.link === b.link
  )
}
