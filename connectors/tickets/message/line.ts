/** A message as the lines that its reader sees, between which no structure of the mail program's is left. */

/** What an element says of everything in it: a quote of earlier messages, or the writer's signature. */
export type Mark = 'history' | 'signature'

export interface Line {
  readonly kind: 'text' | 'item' | 'code' | 'heading'
  /** Of an item: in how many lists it stands. Else 0. */
  readonly level: number
  readonly isOrdered: boolean
  /** Stands apart from the line above: a new paragraph, item or block. */
  readonly isApart: boolean
  readonly runs: readonly Run[]
  /** All runs' text, trimmed, without invisible characters. */
  readonly text: string
  readonly marks: ReadonlySet<Mark>
}

/** Text of one look. */
export interface Run {
  readonly text: string
  readonly isStrong: boolean
  readonly isEmphasis: boolean
  readonly isCode: boolean
  /** A web address, or null. */
  readonly href: string | null
}

export interface Message {
  readonly lines: readonly Line[]
  readonly losses: Readonly<Record<string, number>>
}
