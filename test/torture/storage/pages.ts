/** A source of pages in editions, and what an index file that was synced from it holds. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Access, Principal } from '../../../src/core/access.ts'
import { canonicalJson } from '../../../src/core/ids.ts'
import { openIndex, verifyIndex } from '../../../src/indexes/registry.ts'
import type { SyncReport } from '../../../src/sync/sync.ts'
import { contents } from '../../conformance/index-samples.ts'
import { type Page, run } from '../../sync/pages.ts'

const ACCESS: readonly Access[] = ['public', ['group:staff'], ['group:staff', 'user:ann'], []]
export const READERS: readonly (readonly Principal[])[] = [[], ['group:staff'], ['user:ann']]
const TOPICS = ['printer', 'invoice', 'password', 'delivery', 'contract']

/** Each edition adds two pages, drops the oldest one, changes every third text, and moves access around. */
export function pagesOf(edition: number, count = 40): readonly Page[] {
  return Array.from({ length: count + edition }, (_, at) => pageOf(at + edition, edition))
}

function pageOf(at: number, edition: number): Page {
  const changes = Math.floor((edition + (at % 3)) / 3)
  const topic = TOPICS[at % TOPICS.length]
  const part = (name: string) =>
    `<h2>${name} of ${topic}</h2><p>${`The ${topic} of mark${at} in change${changes}. `.repeat(12)}</p>`
  return {
    id: String(at),
    version: String(changes),
    title: `About ${topic} ${at}`,
    access: ACCESS[(at + Math.floor(edition / 2)) % ACCESS.length] ?? [],
    load: async () => ({ html: part('Start') + part('Middle') + part('End') }),
  }
}

/** Removals and wider access are meant. */
const ALLOWED = { deletes: 1000, wider: 1000 }

/** One run of the real loop on the file; what ended it, if it did not end well. */
export async function syncFile(path: string, edition: number, count?: number): Promise<SyncReport> {
  const store = await openIndex(path, { holder: `process ${process.pid}` })
  try {
    return await run(store, pagesOf(edition, count), { allowed: ALLOWED, runId: `edition ${edition}` })
  } finally {
    await store.close()
  }
}

/** Of all that decides about answers and about the next run. */
export async function contentHash(path: string): Promise<string> {
  const store = await openIndex(path, { mode: 'read' })
  try {
    const held = ((await contents(store, ['s'])) as readonly Record<string, unknown>[]).map(
      ({ runs: _, ...rest }) => rest,
    )
    return createHash('sha256').update(canonicalJson(held)).digest('hex')
  } finally {
    await store.close()
  }
}

/** What is wrong with a file that a fault has left: it opens, and is as it was written; empty: nothing. */
export async function wrongWith(path: string): Promise<readonly string[]> {
  if (!existsSync(path)) return []
  try {
    return (await verifyIndex(path)).map(({ document, what }) => `${document ?? 'index'}: ${what}`)
  } catch (thrown) {
    // A writer that never got as far as the schema.
    return (thrown as { code?: string }).code === 'NOT_FOUND' ? [] : [String(thrown)]
  }
}
