/** What the HTTP API answers with, as far as the Help space reads it. */

export interface Result {
  readonly id: string
  readonly title: string
  readonly url: string
  readonly headings: readonly string[]
  readonly path: readonly string[]
  readonly source: string
  readonly snippet: string
  /** Start and end in `snippet`, in UTF-16 code units. */
  readonly highlights: readonly (readonly number[])[]
}

export interface Collection {
  readonly source: string
  readonly path: readonly string[]
  readonly title: string
  readonly documents: number
}

export interface Listed {
  readonly id: string
  readonly title: string
  readonly url: string
  readonly updated_at: string
  readonly locale: string
}

export interface Shelf {
  readonly collections: readonly Collection[]
  readonly documents?: readonly Listed[]
  /** For those behind; null or absent where there are none. */
  readonly cursor?: string | null
}

export interface Heading {
  readonly level: number
  readonly text: string
  readonly id: string
}

export interface Neighbour {
  readonly id: string
  readonly title: string
}

export interface Article {
  readonly id: string
  readonly title: string
  readonly url: string
  /** Sanitised by the server, and once more here. */
  readonly html: string
  readonly path: readonly string[]
  readonly source: string
  readonly locale: string
  readonly updated_at: string
  readonly outline: readonly Heading[]
  /** Only the beginning of a very long document is in `html`. */
  readonly truncated: boolean
  readonly previous: Neighbour | null
  readonly next: Neighbour | null
  readonly translations: readonly { readonly locale: string; readonly id: string; readonly title: string }[]
}
