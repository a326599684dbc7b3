/** A source of many pages, as a run of it is asked for. */

import type { Change, Connector } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'
import type { Json } from '../../src/core/json.ts'
import type { Store } from '../../src/core/store.ts'
import type { SyncOptions } from '../../src/sync/sync.ts'

export const PAGES = 450

/** @param load every page's body */
export function listing(store: Store, load: (id: string) => Promise<Body>): SyncOptions {
  async function* pull(): AsyncIterable<Change> {
    yield { type: 'begin' }
    for (let at = 0; at < PAGES; at++) yield upsert(String(at))
    const receipt = { pages: 1, seen: PAGES, duplicates: 0, ended: 'no-next-link' as const }
    yield { type: 'checkpoint', cursor: 1, receipt }
  }
  const upsert = (id: string): Change => ({
    type: 'upsert',
    head: {
      ...{ id, version: '1', title: `Page ${id}`, url: `https://example.com/${id}`, path: [], kind: 'page' },
      ...{ updatedAt: '2026-01-01T00:00:00.000Z', access: ['group:staff'] },
    },
    load: async () => await load(id),
  })
  const anything = { parse: (input: unknown) => input as Json }
  const connector: Connector = { name: 'pages', config: anything, cursor: anything, pull }
  return {
    ...{ source: 's', connector, config: {}, access: { level: 'staff', principals: {} }, store, runId: 'run' },
    ...{ fetch: () => Promise.reject(new Error('no network')), signal: new AbortController().signal, now: () => 0 },
    ...{ full: false, dryRun: false, allowed: { deletes: 0, wider: 0 } },
  }
}
