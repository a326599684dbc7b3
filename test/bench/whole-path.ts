/** HTML to an index on disk in one thread: unsilo's way, and a script as one would write it by hand from the peers. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { chunkAnalyser, languageOf } from '../../src/analysis/analyse.ts'
import { chunk } from '../../src/chunk/chunk.ts'
import type { Head, IndexedDocument } from '../../src/core/document.ts'
import { sha256 } from '../../src/core/ids.ts'
import { emptyBatch, type Store } from '../../src/core/store.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { fromBody, type Making, recipeOf } from '../../src/sync/prepare.ts'
import type { Page } from './corpus.ts'
import { type Cost, costOf } from './measure.ts'
import { createSplitter, createTurndown } from './peers.ts'
import { loadVocabulary } from './sides.ts'

export interface WholePath extends Cost {
  readonly stages: Readonly<Record<Stage, number>>
  readonly chunks: number
  readonly indexMb: number
}

/** Milliseconds of wall time: to ask for CPU time takes longer than some stages. The peer's analysis is part of its writing. */
export type Stage = 'convert' | 'chunk' | 'analyse' | 'write'

const SOURCE = 'bench'
const MAKING: Making = { source: SOURCE, redact: null }
/** Documents in a transaction, as src/sync/batches.ts has it. */
const SLICE = 200

export async function ourPath(pages: readonly Page[]): Promise<WholePath> {
  await loadVocabulary()
  return inFolder(async (path, clock) => {
    const store = await openSqlite(path)
    let chunks = 0
    for (const slice of slices(pages)) {
      const put: IndexedDocument[] = []
      for (const { page, at } of slice) put.push(await staged(page, at, clock))
      chunks += put.reduce((sum, document) => sum + document.chunks.length, 0)
      await clock('write', () => store.apply({ ...emptyBatch(SOURCE), put }))
    }
    await clock('write', () => store.close())
    return chunks
  })
}

/** As src/sync/prepare.ts does it, with a clock between the stages. */
async function staged(page: Page, at: number, clock: Clock): Promise<IndexedDocument> {
  const head = headOf(page, at)
  const { markdown, losses } = await clock('convert', () => toMarkdown({ html: page.html }))
  const pieces = await clock('chunk', () => chunk(head.id, markdown))
  return clock('analyse', () => {
    const language = languageOf(head.locale, markdown)
    const analyse = chunkAnalyser(head.title, language)
    const chunks = pieces.map((piece) => ({ ...piece, terms: analyse(piece) }))
    return { source: SOURCE, head, markdown, losses, recipe: recipeOf(MAKING), language, chunks }
  })
}

/** One transaction and prepared statements; titles searched beside the text; English stems by FTS5. */
export async function peerPath(pages: readonly Page[]): Promise<WholePath> {
  const service = await createTurndown()
  const splitter = await createSplitter()
  return inFolder(async (path, clock) => {
    const db = new Database(path)
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE pages (id INTEGER PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL, hash TEXT NOT NULL);
      CREATE VIRTUAL TABLE chunks USING fts5 (title, text, page UNINDEXED, tokenize = 'porter unicode61');
      BEGIN`)
    const addPage = db.prepare('INSERT INTO pages VALUES (?, ?, ?, ?)')
    const addChunk = db.prepare('INSERT INTO chunks VALUES (?, ?, ?)')
    let chunks = 0
    for (const [at, { title, html }] of pages.entries()) {
      const markdown = await clock('convert', () => service.turndown(html))
      const texts = await clock('chunk', () => splitter.splitText(markdown))
      await clock('write', () => {
        addPage.run(at, title, `https://help.example/${at}`, sha256(html))
        for (const text of texts) addChunk.run(title, text, at)
      })
      chunks += texts.length
    }
    await clock('write', () => db.exec('COMMIT').close())
    return chunks
  })
}

/** Pages to an index as a sync stores them, no more of them in memory than one transaction's. */
export async function storeAll(pages: Iterable<Page>): Promise<{ characters: number; chunks: number }> {
  let characters = 0
  let chunks = 0
  await inFolder(async (path) => {
    const store: Store = await openSqlite(path)
    for (const slice of slices(pages)) {
      const put = slice.map(({ page, at }) => fromBody(MAKING, headOf(page, at), { html: page.html }))
      for (const { page } of slice) characters += page.html.length
      chunks += put.reduce((sum, document) => sum + document.chunks.length, 0)
      await store.apply({ ...emptyBatch(SOURCE), put })
    }
    await store.close()
    return chunks
  })
  return { characters, chunks }
}

type Clock = <T>(stage: Stage, work: () => T | Promise<T>) => Promise<T>

async function inFolder(work: (path: string, clock: Clock) => Promise<number>): Promise<WholePath> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-bench-'))
  const path = join(folder, 'index.db')
  const stages = { convert: 0, chunk: 0, analyse: 0, write: 0 }
  const clock: Clock = async (stage, timed) => {
    const start = performance.now()
    const result = await timed()
    stages[stage] += performance.now() - start
    return result
  }
  try {
    let chunks = 0
    const cost = await costOf(async () => {
      chunks = await work(path, clock)
    })
    return { ...cost, stages, chunks, indexMb: statSync(path).size / 1e6 }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function* slices(pages: Iterable<Page>): Generator<readonly { readonly page: Page; readonly at: number }[]> {
  let slice: { page: Page; at: number }[] = []
  let at = 0
  for (const page of pages) {
    slice.push({ page, at: at++ })
    if (slice.length < SLICE) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}

function headOf({ title }: Page, at: number): Head {
  return {
    id: `${SOURCE}:${at}`,
    version: '1',
    title,
    url: `https://help.example/${at}`,
    updatedAt: '2026-01-01T00:00:00Z',
    path: ['Help'],
    kind: 'article',
    access: 'public',
  }
}
