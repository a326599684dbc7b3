/** The questions of an evaluation and the documents of its corpus: one JSON object a line, as BEIR has them. */
import { KINDS, type Kind } from '../../core/document.ts'
import { columnsOf, type Line, linesOf, textIn, wrongLine } from './lines.ts'
import { parseTopics } from './trec.ts'

export interface Question {
  readonly id: string
  readonly text: string
  /** As the file says it; null where it doesn't. */
  readonly language: string | null
}

export interface CorpusDocument {
  readonly id: string
  readonly title: string
  /** Markdown. */
  readonly text: string
  readonly language: string | null
  readonly url: string
  readonly path: readonly string[]
  readonly kind: Kind
  readonly updatedAt: string
}

type Fields = Readonly<Record<string, unknown>>

const LONG_AGO = '1970-01-01T00:00:00Z'

/** JSON lines (`_id` or `id`, `text`, `lang`), TREC topics, or an id and a text separated by a tab. */
export function parseQuestions(text: string, file: string): readonly Question[] {
  const questions = new Map<string, Question>()
  for (const { line, question } of placedQuestions(text, file)) {
    if (questions.has(question.id)) throw wrongLine(line, 'id', `${question.id} stands there twice`)
    questions.set(question.id, question)
  }
  return [...questions.values()]
}

function placedQuestions(text: string, file: string): readonly { readonly line: Line; readonly question: Question }[] {
  if (/^\s*<top>/im.test(text)) {
    return parseTopics(text, file).map(({ line, ...topic }) => ({ line, question: { ...topic, language: null } }))
  }
  return linesOf(text, file).map((line) => ({
    line,
    question: line.text.trimStart().startsWith('{') ? fromJson(line) : fromColumns(line),
  }))
}

export function parseDocument(line: Line): CorpusDocument {
  const fields = fieldsOf(line)
  const id = idOf(line, fields)
  const kind = KINDS.find((kind) => kind === fields['kind'])
  if (fields['kind'] !== undefined && kind === undefined) {
    throw wrongLine(line, 'kind', `is none of ${KINDS.join(', ')}: ${JSON.stringify(fields['kind'])}`)
  }
  return {
    id,
    title: optional(line, fields, 'title') ?? '',
    text: required(line, fields, 'text'),
    language: languageIn(line, fields),
    url: optional(line, fields, 'url') ?? `corpus:${id}`,
    path: pathIn(line, fields),
    kind: kind ?? 'article',
    updatedAt: optional(line, fields, 'updatedAt') ?? LONG_AGO,
  }
}

function fromJson(line: Line): Question {
  const fields = fieldsOf(line)
  return { id: idOf(line, fields), text: required(line, fields, 'text'), language: languageIn(line, fields) }
}

function fromColumns(line: Line): Question {
  const [id, text] = columnsOf(line)
  if (!line.text.includes('\t'))
    throw wrongLine(line, 'the line', 'is neither a JSON object nor an id, a tab and a text')
  return { id: textIn(line, 'id', id), text: textIn(line, 'text', text), language: null }
}

function fieldsOf(line: Line): Fields {
  try {
    const value: unknown = JSON.parse(line.text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // Said below.
  }
  throw wrongLine(line, 'the line', 'is no JSON object')
}

function idOf(line: Line, fields: Fields): string {
  const id = fields['_id'] ?? fields['id']
  if (typeof id === 'number') return String(id)
  if (typeof id === 'string' && /[\t\r\n]/.test(id)) throw wrongLine(line, '_id', 'holds a tab or the end of a line')
  if (typeof id === 'string' && id.trim() !== '') return id
  throw wrongLine(line, '_id', 'is missing, or is no text')
}

function required(line: Line, fields: Fields, name: string): string {
  const value = optional(line, fields, name)
  if (value === undefined) throw wrongLine(line, name, 'is missing')
  return value
}

function optional(line: Line, fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw wrongLine(line, name, `is no text: ${JSON.stringify(value).slice(0, 60)}`)
}

function languageIn(line: Line, fields: Fields): string | null {
  return (
    optional(line, fields, 'lang') ?? optional(line, fields, 'language') ?? optional(line, fields, 'locale') ?? null
  )
}

function pathIn(line: Line, fields: Fields): readonly string[] {
  const path = fields['path']
  if (Array.isArray(path) && path.every((step) => typeof step === 'string')) return path
  const text = optional(line, fields, 'path')
  return text === undefined ? [] : [text]
}
