/** A source of pages that are given as they are, synced into a store. */
import type { Access } from '../../src/core/access.ts'
import type { Change, Connector, Receipt } from '../../src/core/connector.ts'
import type { Body, Head } from '../../src/core/document.ts'
import type { Json } from '../../src/core/json.ts'
import type { Store } from '../../src/core/store.ts'
import { type SyncOptions, type SyncReport, syncSource } from '../../src/sync/sync.ts'

export interface Page {
  readonly id: string
  readonly version?: string
  readonly title?: string
  readonly access?: Access
  readonly path?: readonly string[]
  readonly load?: () => Promise<Body>
}

export interface RunOptions extends Partial<SyncOptions> {
  readonly receipt?: Partial<Receipt>
  readonly changes?: readonly Change[]
  readonly throws?: Error
}

export async function run(store: Store, pages: readonly Page[], options: RunOptions = {}): Promise<SyncReport> {
  return await syncSource({
    source: 's',
    connector: connector(pages, options),
    config: {},
    access: { level: 'staff', principals: {} },
    store,
    fetch: () => Promise.reject(new Error('no network')),
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 1),
    runId: 'run',
    full: false,
    dryRun: false,
    allowed: { deletes: 0, wider: 0 },
    ...options,
  })
}

export function connector(pages: readonly Page[], options: RunOptions): Connector<unknown, Json> {
  async function* pull(): AsyncIterable<Change> {
    if (options.changes !== undefined) yield* options.changes
    else yield* [{ type: 'begin' as const }, ...pages.map(upsert)]
    if (options.throws !== undefined) throw options.throws
    if (options.changes !== undefined) return
    const receipt = { pages: 1, seen: pages.length, duplicates: 0, ended: 'no-next-link' as const, ...options.receipt }
    yield { type: 'checkpoint', cursor: 1, receipt }
  }
  const anything = { parse: (input: unknown) => input as Json }
  return { name: 'pages', config: anything, cursor: anything, pull }
}

export function upsert(page: Page): Change {
  return { type: 'upsert', head: head(page), load: page.load ?? (async () => body(page)) }
}

export function checkpoint(cursor: Json): Change {
  return { type: 'checkpoint', cursor }
}

function body({ id }: Page): Body {
  return { html: `<h1>Page ${id}</h1><p>Text of page ${id}.</p>` }
}

function head({ id, version = '1', title = `Page ${id}`, access = ['group:staff'], path = [] }: Page): Head {
  const updatedAt = '2026-01-01T00:00:00.000Z'
  return { id, version, title, url: `https://example.com/${id}`, updatedAt, path, kind: 'page', access }
}
