/** `unsilo explain`: all that is known of one document, and no more than that. */

import type { StoredDocument } from '../core/document.ts'
import type { Store } from '../core/store.ts'
import { explanationText, isAddress } from './explain-words.ts'
import type { Io } from './io.ts'
import type { ExplanationLine } from './json-lines-of-runs.ts'
import type { ExplainOptions } from './options.ts'
import { json, say } from './output.ts'
import { openForReading, openOutline } from './setup.ts'

/** 1 where the index knows nothing of it. */
export async function runExplain(options: ExplainOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const store = await openForReading(outline.index)
  try {
    const sources = [...new Set([...outline.sources.map(({ name }) => name), ...(await store.sources())])].sort()
    const ids = await idsOf(store, options.document, sources)
    const lines: ExplanationLine[] = []
    for (const id of ids) lines.push(await explain(store, id, sources))
    if (lines.length === 0) lines.push(await unknown(store, options.document, sources))
    for (const line of lines) {
      if (options.json) json(io, line)
      else say(io, explanationText(line, io))
    }
    return lines.some(({ state }) => state === 'unknown') ? 1 : 0
  } finally {
    await store.close()
  }
}

/** An id as the source itself prints it, without the source's name, is looked for in all of them. */
async function idsOf(store: Store, document: string, sources: readonly string[]): Promise<readonly string[]> {
  if (!isAddress(document)) {
    const isWhole = sources.some((source) => document.startsWith(`${source}:`))
    return isWhole ? [document] : await knownIds(store, document, sources)
  }
  for (const url of spellings(document)) {
    const ids = await store.located(url)
    if (ids.length > 0) return ids
  }
  return []
}

async function knownIds(store: Store, native: string, sources: readonly string[]): Promise<readonly string[]> {
  const ids = sources.map((source) => `${source}:${native}`)
  const lines = await Promise.all(ids.map((id) => explain(store, id, sources)))
  return lines.flatMap(({ id }) => (id === null ? [] : [id]))
}

/** As it stands in a browser: with the place on the page, with a slash at its end, or without. */
function spellings(url: string): readonly string[] {
  const page = url.replace(/#.*$/, '')
  const other = page.endsWith('/') ? page.slice(0, -1) : `${page}/`
  return [...new Set([url, page, other])]
}

async function explain(store: Store, id: string, sources: readonly string[]): Promise<ExplanationLine> {
  const source = sources.find((name) => id.startsWith(`${name}:`))
  if (source === undefined) return await unknown(store, id, sources)
  const [stored, failures, skips] = await Promise.all([
    store.stored([id]),
    store.quarantine(source),
    store.skips(source),
  ])
  const document = stored.get(id)
  const failure = failures.find((failed) => failed.id === id)
  const skip = skips.find((skipped) => skipped.id === id)
  if (document === undefined && failure === undefined && skip === undefined) return await unknown(store, id, [source])
  return {
    type: 'explanation',
    asked: id,
    id,
    state: document !== undefined ? 'stored' : failure !== undefined ? 'quarantined' : 'skipped',
    stored: document === undefined ? null : await storedFacts(store, document),
    failure: failure ?? null,
    skip: skip ?? null,
    sources: [await lastListing(store, source)],
  }
}

async function unknown(store: Store, asked: string, sources: readonly string[]): Promise<ExplanationLine> {
  const listings = await Promise.all(sources.map((source) => lastListing(store, source)))
  const nothing = { id: null, state: 'unknown', stored: null, failure: null, skip: null } as const
  return { type: 'explanation', asked, ...nothing, sources: listings }
}

/** Runs looked through for a complete listing. */
const HISTORY = 1000

async function lastListing(store: Store, source: string): Promise<ExplanationLine['sources'][number]> {
  const runs = await store.runs(source, HISTORY)
  const complete = runs.find(({ receipt, outcome }) => receipt !== undefined && outcome !== 'guarded')
  return {
    source,
    lastRun: runs[0]?.endedAt ?? null,
    listing: complete === undefined ? null : { run: complete.id, endedAt: complete.endedAt },
  }
}

async function storedFacts(store: Store, document: StoredDocument): Promise<NonNullable<ExplanationLine['stored']>> {
  const { head, markdown, language, losses, edges } = document
  const { title, url, path, kind, version, updatedAt, access } = head
  const chunks = await store.chunks(head.id)
  const includes = edges?.targets ?? []
  const place = { title, url, path, kind, version, updatedAt, access }
  return { ...place, language, characters: markdown.length, losses, chunks: chunks.length, includes }
}
