/** An index in a file, filled by the loop from pages that a test writes down. */
import { join } from 'node:path'
import type { Access } from '../../src/core/access.ts'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'

export interface Page {
  readonly title: string
  readonly markdown: string
  readonly access?: Access
  readonly more?: Partial<Head>
}

/** By source, then by native id. */
export type Knowledge = Readonly<Record<string, Readonly<Record<string, Page>>>>

/** The file's path. The folder goes when the test file ends. */
export async function knowledgeFile(knowledge: Knowledge): Promise<string> {
  const file = join(temporaryFolder(), 'index.db')
  const store = await openIndex(file, { mode: 'write' })
  try {
    for (const [source, pages] of Object.entries(knowledge)) {
      const { error, failed } = await syncSource({
        ...{ source, connector: connectorOf(pages), config: null, store, redact: null },
        access: { level: 'staff', principals: {} },
        fetch: () => Promise.reject(new Error('this test asks no network')),
        signal: new AbortController().signal,
        now: () => Date.UTC(2026, 0, 1),
        ...{ runId: `${source}-1`, full: false, dryRun: false, allowed: { deletes: 0, wider: 0 } },
      })
      if (error !== null || failed.length > 0) throw error ?? new Error(failed[0]?.reason)
    }
  } finally {
    await store.close()
  }
  return file
}

function connectorOf(pages: Knowledge[string]): Connector {
  return {
    name: 'story',
    config: { parse: (input) => input },
    cursor: { parse: () => null },
    async *pull(): AsyncGenerator<Change> {
      for (const [id, page] of Object.entries(pages)) {
        yield { type: 'upsert', head: headOf(id, page), load: async () => ({ markdown: page.markdown }) }
      }
      const seen = Object.keys(pages).length
      yield { type: 'checkpoint', cursor: null, receipt: { pages: 1, seen, duplicates: 0, ended: 'end-of-stream' } }
    },
  }
}

function headOf(id: string, { title, access = 'public', more }: Page): Head {
  const place = { url: `https://wiki.example/${id}`, path: ['Space'], kind: 'page' as const }
  return { id, version: '1', title, updatedAt: '2026-01-01T00:00:00Z', ...place, access, ...more }
}
