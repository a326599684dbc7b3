/** Small documents and batches for index tests. Tokens are the lower-case words of the text. */
import type { Access } from '../../src/core/access.ts'
import type { Head, IndexedDocument, StoredDocument, Terms } from '../../src/core/document.ts'
import type { Ledger, RunRecord } from '../../src/core/ledger.ts'
import { type Batch, emptyBatch, type FoundPassage, type Index, type LexicalQuery } from '../../src/core/store.ts'
import { packedToken, packWords } from '../../src/core/words.ts'

interface Sample {
  readonly access?: Access
  readonly title?: string
  /** One text a chunk. */
  readonly texts?: readonly string[]
}

/** `id` is prefixed, e.g. `docs:1`; the part before the colon is the source. */
export function sampleDocument(
  id: string,
  { access = 'public', title = '', texts = ['text'] }: Sample = {},
): IndexedDocument {
  const markdown = texts.join('\n\n')
  return {
    source: sourceOf(id),
    head: sampleHead(id, access, title),
    markdown,
    losses: { 'macro:jira': 1 },
    recipe: { converter: 'markdown-1', redactor: 'off', chunker: 'chunk-1', analyser: 'analyse-1' },
    language: 'en',
    chunks: texts.map((text, ordinal) => ({
      id: `${id}#${ordinal}`,
      ordinal,
      headings: ['Guide', `Part ${ordinal}`],
      text,
      start: markdown.indexOf(text),
      end: markdown.indexOf(text) + text.length,
      tokens: 7,
      terms: sampleTerms({ title: wordsOf(title), headings: ['guide', 'part'], body: wordsOf(text) }),
    })),
  }
}

/** Each token is a word. */
export function sampleTerms(terms: Omit<Terms, 'words'>): Terms {
  const { title, headings, body } = terms
  const [above, over, said] = [title, headings, body].map((tokens) => tokens.map(packedToken))
  return { ...terms, words: packWords({ title: above ?? [], headings: over ?? [], body: said ?? [] }) }
}

/** Its chunks behind the first are of `docs:9`. */
export function withIncludes(document: IndexedDocument) {
  return {
    ...document,
    template: { markdown: 'own\n\n[9](https://e.com)', references: [{ target: '9', part: null, start: 5, end: 23 }] },
    excerpts: [{ name: 'Fées "😀"', start: 0, end: 3 }],
    edges: { targets: ['docs:9'], state: 'abc' },
    chunks: document.chunks.map((chunk, at) => (at === 0 ? chunk : { ...chunk, origin: 'docs:9' })),
  }
}

export function sampleHead(id: string, access: Access = 'public', title = ''): Head {
  return {
    id,
    version: '1',
    title,
    url: `https://example.com/${id}`,
    updatedAt: '2026-05-01T00:00:00Z',
    path: ['Space', 'Parent'],
    kind: 'page',
    labels: ['one'],
    access,
  }
}

export function sampleRun(id: string, startedAt: string, source = 'docs'): RunRecord {
  const counts = { listed: 1, added: 1, changed: 0, refreshed: 0, removed: 0, unchanged: 0, skipped: 0, failed: 0 }
  return { id, source, startedAt, endedAt: startedAt, outcome: 'ok', counts, notes: { restrictions: 'read' } }
}

export function batch(source: string, parts: Partial<Batch> = {}): Batch {
  return { ...emptyBatch(source), ...parts }
}

/** A batch that puts samples, one text each: `{ 'docs:1': 'some words' }`. */
export function putting(source: string, texts: Readonly<Record<string, string>>): Batch {
  return batch(source, { put: Object.entries(texts).map(([id, text]) => sampleDocument(id, { texts: [text] })) })
}

export function asking(...words: readonly string[]): LexicalQuery {
  return { groups: words.map((word) => [word]), match: 'all', as: [], limit: 10 }
}

/** `<document id>#<ordinal>`, best first. */
export async function found(index: Index, query: LexicalQuery): Promise<string[]> {
  return (await index.lexical(query)).map(({ document, ordinal }) => `${document}#${ordinal}`)
}

/** What is shown of what is found. */
export async function passagesFor(index: Index, query: LexicalQuery): Promise<readonly FoundPassage[]> {
  return await index.passages(await index.lexical(query), query)
}

export async function listed(documents: AsyncIterable<StoredDocument>): Promise<string[]> {
  const ids: string[] = []
  for await (const document of documents) ids.push(document.head.id)
  return ids
}

/** Everything that can be read back of some sources, for comparing whole indexes. */
export async function contents(store: Index & Ledger, sources: readonly string[]): Promise<unknown> {
  const all = []
  for (const source of sources) {
    const ids = await store.ids(source)
    const chunks = await Promise.all(ids.map((id) => store.chunks(id)))
    const documents = [...(await store.stored(ids)).values()]
    const [state, runs, failures, skips] = [
      await store.state(source),
      await store.runs(source, 100),
      await store.quarantine(source),
      await store.skips(source),
    ]
    all.push({ source, documents, chunks, state, runs, failures, skips, stats: await store.stats(source) })
  }
  return all
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

function sourceOf(id: string): string {
  return id.slice(0, id.indexOf(':'))
}
