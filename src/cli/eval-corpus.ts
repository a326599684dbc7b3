/**
 * A file of documents, one JSON object a line, as an index: by the same way as the documents of any source, from
 * markdown through chunks and analysis into SQLite.
 */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { UnsiloError } from '../core/errors.ts'
import { documentId, sha256 } from '../core/ids.ts'
import type { Change, Connector, Head, Store } from '../core/types.ts'
import { openSqlite } from '../indexes/sqlite.ts'
import { wrongLine } from '../query/evaluation/lines.ts'
import { type CorpusDocument, parseDocument } from '../query/evaluation/questions.ts'
import { syncSource } from '../sync/sync.ts'

/** The name of the only source of such an index. */
export const CORPUS = 'corpus'

export interface CorpusIndex {
  readonly store: Store
  /** Documents. */
  readonly size: number
  /** Closes the index and removes it. */
  remove(): Promise<void>
}

/** Documents are public. Throws USAGE naming the line that is no document. */
export async function indexCorpus(file: string, signal: AbortSignal): Promise<CorpusIndex> {
  const documents = await readCorpus(file)
  const folder = await mkdtemp(join(tmpdir(), 'unsilo-eval-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const store = await openSqlite(join(folder, 'index.db'))
    await fill(store, documents, signal)
    return { store, size: documents.length, remove: () => store.close().then(remove) }
  } catch (thrown) {
    await remove()
    throw thrown
  }
}

async function readCorpus(file: string): Promise<readonly CorpusDocument[]> {
  const documents = new Map<string, CorpusDocument>()
  let number = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (text.trim() === '') continue
    const line = { file, number, text }
    const document = parseDocument(line)
    if (documents.has(document.id)) throw wrongLine(line, '_id', `${document.id} stands there twice`)
    documents.set(document.id, document)
  }
  if (documents.size === 0) throw new UnsiloError('USAGE', `${file}: holds no document.`)
  return [...documents.values()]
}

async function fill(store: Store, documents: readonly CorpusDocument[], signal: AbortSignal): Promise<void> {
  const { error, failed } = await syncSource({
    source: CORPUS,
    connector: connectorOf(documents),
    config: {},
    access: { level: 'public', principals: {} },
    redact: null,
    store,
    fetch: () => Promise.reject(new UnsiloError('UNEXPECTED', 'A corpus is read from a file.')),
    signal,
    now: () => 0,
    runId: CORPUS,
    full: true,
    dryRun: false,
    allowed: { deletes: 0, wider: 0 },
  })
  if (error !== null) throw error
  const [first] = failed
  if (first === undefined) return
  throw new UnsiloError('DOCUMENT_UNREADABLE', `${first.id}: ${first.reason}`, { hint: 'Nothing was measured.' })
}

function connectorOf(documents: readonly CorpusDocument[]): Connector {
  return {
    name: CORPUS,
    config: { parse: (config) => config },
    cursor: { parse: () => null },
    async *pull(): AsyncGenerator<Change> {
      yield { type: 'begin' }
      for (const document of documents) {
        yield { type: 'upsert', head: headOf(document), load: async () => ({ markdown: document.text }) }
      }
      const seen = documents.length
      yield { type: 'checkpoint', cursor: null, receipt: { pages: 1, seen, duplicates: 0, ended: 'end-of-stream' } }
    },
  }
}

function headOf({ id, title, text, language, url, path, kind, updatedAt }: CorpusDocument): Head {
  const locale = language === null ? {} : { locale: language }
  return { id, version: sha256(text), title, url, updatedAt, path, kind, ...locale, access: 'public' }
}

/** As the corpus calls it. */
export function corpusId(id: string): string {
  return id.slice(documentId(CORPUS, '').length)
}
