/** Lines of JSON that tell of documents brought to where others read them. See json-lines.ts. */

/** `export`: when it is done. */
export interface ExportLine {
  readonly type: 'export'
  readonly folder: string
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

/** `bundle`: when it is done. */
export interface BundleLine {
  readonly type: 'bundle'
  readonly file: string
  readonly documents: number
  readonly bytes: number
  /** Tickets that the audience could read and that no person has reviewed as they are now. */
  readonly unreviewed: number
}

/** `publish folder`: when it is done. */
export interface PublishFolderLine {
  readonly type: 'published'
  readonly folder: string
  readonly written: number
  readonly unchanged: number
  readonly removed: number
  /** Tickets that the audience could read and that no person has reviewed as they are now. */
  readonly unreviewed: number
}

/** `publish intercom`: one an article that was changed, or with `--plan` would be. */
export interface ArticleLine {
  readonly type: 'article'
  /** `discard`: a draft that an interrupted run left. `hide`: it becomes a draft. */
  readonly do: 'create' | 'update' | 'delete' | 'hide' | 'discard'
  readonly why:
    | ('changed' | 'unfinished' | 'adopted' | 'unpublished' | 'overwritten')
    | ('narrowed' | 'lost' | 'unchosen' | 'open')
    | null
  /** Its id at Intercom; null for a new one. */
  readonly article: string | null
  readonly title: string
  readonly documents: readonly string[]
}

/** `publish intercom`: one an article that is left alone until a person has looked at it. */
export interface HeldLine {
  readonly type: 'held'
  readonly why: 'edited' | 'gone' | 'exists' | 'open'
  readonly article: string | null
  readonly title: string
  readonly documents: readonly string[]
  /** Whether something is not done because of it. */
  readonly blocks: boolean
  /** Unified, from how unsilo left it to how it is; `''` where it wasn't edited. */
  readonly diff: string
}

/** `publish intercom`: one at the end of the articles, and one at the end of each target of pages. */
export interface PublicationLine {
  readonly type: 'publication'
  /** `articles`, or the name of a target of pages: its source and whom they are for. */
  readonly target: string
  readonly dryRun: boolean
  readonly live: boolean
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly removed: number
  readonly hidden: number
  readonly held: number
  readonly failed: number
  /** Documents that the audience may read and that are not published, by why. */
  readonly leftOut: Readonly<Record<string, number>>
  /** Of pages: those in other languages, which Intercom takes as English ones. */
  readonly foreign?: number
  /** Of pages: those of which only the beginning was sent. */
  readonly cut?: number
}

/** `publish intercom`: one a page that was changed, or with `--plan` would be. */
export interface PageLine {
  readonly type: 'page'
  readonly target: string
  /** `discard`: one of a second import source. `open`, `readdress`, `narrow` and `close` are of the content import source that pages are in. */
  readonly do: 'create' | 'update' | 'delete' | 'discard' | 'open' | 'readdress' | 'narrow' | 'close'
  readonly why: 'narrowed' | 'lost' | 'unchosen' | null
  /** Null for a line of the import source. */
  readonly document: string | null
}

/** `publish intercom`: one a page that is left alone until a person has looked at it. */
export interface HeldPageLine {
  readonly type: 'held-page'
  readonly target: string
  readonly why: 'edited' | 'gone'
  readonly document: string
  readonly title: string
  /** Whether something is not done because of it. */
  readonly blocks: boolean
  readonly diff: string
}
