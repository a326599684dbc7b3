/**
 * A file of documents, one JSON object a line, as an index: by the same way as the documents of any source, from
 * markdown through chunks and analysis into SQLite.
 */
import { createReadStream } from 'node:fs'
import type { Head } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { documentId, sha256 } from '../core/ids.ts'
import { wrongLine } from '../query/evaluation/lines.ts'
import { type CorpusDocument, parseDocument } from '../query/evaluation/questions.ts'
import { type TemporaryIndex, temporaryIndex } from './temporary-index.ts'

/** The name of the only source of such an index. */
export const CORPUS = 'corpus'

export interface CorpusIndex extends TemporaryIndex {
  /** Documents. */
  readonly size: number
}

/** Documents are public. Throws USAGE naming the line that is no document. */
export async function indexCorpus(file: string, signal: AbortSignal): Promise<CorpusIndex> {
  const documents = await readCorpus(file)
  const given = documents.map((document) => ({ head: headOf(document), markdown: document.text }))
  return { ...(await temporaryIndex(new Map([[CORPUS, given]]), signal)), size: documents.length }
}

async function readCorpus(file: string): Promise<readonly CorpusDocument[]> {
  const documents = new Map<string, CorpusDocument>()
  let number = 0
  for await (const text of linesIn(file)) {
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

/** Lines end at line feeds alone: `readline` ends them at signs too that may stand in a JSON text as they are. */
async function* linesIn(file: string): AsyncGenerator<string> {
  let rest = ''
  let isFirst = true
  for await (const part of createReadStream(file, 'utf8')) {
    const pieces = String(isFirst ? part.replace(/^\ufeff/, '') : part).split('\n')
    isFirst = false
    pieces[0] = rest + pieces[0]
    rest = pieces.pop() ?? ''
    yield* pieces
  }
  yield rest
}

function headOf({ id, title, text, language, url, path, kind, updatedAt }: CorpusDocument): Head {
  const locale = language === null ? {} : { locale: language }
  return { id, version: sha256(text), title, url, updatedAt, path, kind, ...locale, access: 'public' }
}

/** As the corpus calls it. */
export function corpusId(id: string): string {
  return id.slice(documentId(CORPUS, '').length)
}
