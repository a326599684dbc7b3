/** An index of pages that are given as they are, in the folder of a configuration. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { approvalsOf, readReview } from '../../src/config/review.ts'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { syncSource } from '../../src/sync/sync.ts'

export type Page = Partial<Head> & { readonly id: string; readonly markdown: string }

/**
 * As the source `help`: what is not among the pages any more is removed.
 *
 * @param index elsewhere than in the folder
 */
export async function syncPages(
  folder: string,
  pages: readonly Page[],
  allowed = { deletes: 9, wider: 9 },
  index = join(folder, '.unsilo/index.db'),
): Promise<void> {
  const approvals = approvalsOf(
    await readReview(join(folder, 'review.yaml'), async (path) => readFileSync(path, 'utf8')),
  )
  const store = await openIndex(index, { mode: 'write' })
  const report = await syncSource({
    ...{ source: 'help', connector: story(pages), config: null, access: { level: 'public', principals: {} } },
    ...{ approvals, store, fetch, runId: `run-${pages.length}`, full: false, dryRun: false, allowed },
    ...{ signal: new AbortController().signal, now: () => Date.UTC(2026, 0, 1) },
  })
  await store.close()
  if (report.error !== null) throw report.error
}

function story(pages: readonly Page[]): Connector {
  const anything = { parse: (input: unknown) => input as null }
  async function* pull(): AsyncIterable<Change> {
    yield { type: 'begin' }
    for (const page of pages) yield change(page)
    const receipt = { pages: 1, seen: pages.length, duplicates: 0, ended: 'no-next-link' as const }
    yield { type: 'checkpoint', cursor: null, receipt }
  }
  return { name: 'story', config: anything, cursor: anything, pull }
}

function change({ markdown, ...more }: Page): Change {
  const head: Head = {
    ...{ version: markdown, title: 'Untitled', url: `https://example.com/${more.id}`, path: [] },
    ...{ updatedAt: '2026-01-01T00:00:00.000Z', kind: 'article', access: 'public' as const },
    ...more,
  }
  return { type: 'upsert', head, load: async () => ({ markdown }) }
}
