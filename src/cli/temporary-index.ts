/** An index of documents that are at hand, in a folder of its own: by the same way as the documents of any source. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change, Connector } from '../core/connector.ts'
import type { Head } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import { openSqlite } from '../indexes/sqlite/sqlite.ts'
import { syncSource } from '../sync/sync.ts'

export interface Given {
  /** Its id is the source's own. */
  readonly head: Head
  readonly markdown: string
}

export interface TemporaryIndex {
  readonly store: Store
  /** Closes the index and removes it. */
  remove(): Promise<void>
}

/** By source. One document that can't be stored is an error: nothing is to be measured without it. */
export async function temporaryIndex(
  sources: ReadonlyMap<string, readonly Given[]>,
  signal: AbortSignal,
): Promise<TemporaryIndex> {
  const folder = await mkdtemp(join(tmpdir(), 'unsilo-eval-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const store = await openSqlite(join(folder, 'index.db'))
    for (const [source, documents] of sources) await fill(store, source, documents, signal)
    return { store, remove: () => store.close().then(remove) }
  } catch (thrown) {
    await remove()
    throw thrown
  }
}

async function fill(store: Store, source: string, documents: readonly Given[], signal: AbortSignal): Promise<void> {
  const { error, failed } = await syncSource({
    source,
    connector: connectorOf(documents),
    config: {},
    access: { level: 'public', principals: {} },
    redact: null,
    store,
    fetch: () => Promise.reject(new UnsiloError('UNEXPECTED', 'These documents ask no network.')),
    signal,
    now: () => 0,
    runId: source,
    full: true,
    dryRun: false,
    allowed: { deletes: 0, wider: 0 },
  })
  if (error !== null) throw error
  const [first] = failed
  if (first === undefined) return
  throw new UnsiloError('DOCUMENT_UNREADABLE', `${first.id}: ${first.reason}`, { hint: 'Nothing was measured.' })
}

function connectorOf(documents: readonly Given[]): Connector {
  return {
    name: 'given',
    config: { parse: (config) => config },
    cursor: { parse: () => null },
    async *pull(): AsyncGenerator<Change> {
      yield { type: 'begin' }
      for (const { head, markdown } of documents) yield { type: 'upsert', head, load: async () => ({ markdown }) }
      const seen = documents.length
      yield { type: 'checkpoint', cursor: null, receipt: { pages: 1, seen, duplicates: 0, ended: 'end-of-stream' } }
    },
  }
}
