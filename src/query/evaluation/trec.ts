/**
 * Judgements, questions and runs as TREC (https://trec.nist.gov/data/qrels_eng/, `query 0 document relevance`; runs are
 * `query Q0 document rank score name`) and BEIR (tab separated, with a line of heads) write them.
 */
import { columnsOf, type Line, linesOf, numberIn, textIn, wrongLine } from './lines.ts'
import type { Judgements, Run, Scored } from './measures.ts'

/** A first line of column names: where a number is due, none stands. */
const HEADS = /^(?:query[-_ ]?id|qid|topic|query)\b/i

interface Topic {
  readonly line: Line
  readonly id: string
  readonly text: string
}

export function parseQrels(text: string, file: string): Judgements {
  const judgements = new Map<string, Map<string, number>>()
  for (const line of withoutHeads(linesOf(text, file), (columns) => columns.at(-1))) {
    const columns = columnsOf(line)
    if (columns.length !== 3 && columns.length !== 4) {
      throw wrongLine(line, 'the line', `has ${columns.length} columns: query, document, relevance are wanted`)
    }
    const query = textIn(line, 'query', columns[0])
    const document = textIn(line, 'document', columns.at(-2))
    const relevance = numberIn(line, 'relevance', columns.at(-1))
    const judged = judgements.get(query) ?? new Map<string, number>()
    if (judged.has(document)) throw wrongLine(line, 'document', `${document} is judged twice for ${query}`)
    judgements.set(query, judged.set(document, relevance))
  }
  return judgements
}

export function parseRun(text: string, file: string): Run {
  const run = new Map<string, Scored[]>()
  const seen = new Set<string>()
  for (const line of withoutHeads(linesOf(text, file), scoreOf)) {
    const columns = columnsOf(line)
    if (columns.length !== 4 && columns.length !== 6) {
      throw wrongLine(
        line,
        'the line',
        `has ${columns.length} columns: query, Q0, document, rank, score, name are wanted`,
      )
    }
    const [query, id] = [columns[0], columns[columns.length === 6 ? 2 : 1]]
    const found = run.get(textIn(line, 'query', query)) ?? []
    const scored = { id: textIn(line, 'document', id), score: numberIn(line, 'score', scoreOf(columns)) }
    const key = JSON.stringify([query, scored.id])
    if (seen.has(key)) throw wrongLine(line, 'document', `${scored.id} is found twice for ${query}`)
    seen.add(key)
    found.push(scored)
    run.set(query ?? '', found)
  }
  return run
}

export function formatRun(run: Run, name: string): string {
  return [...run]
    .flatMap(([query, found]) =>
      found.map(({ id, score }, at) => `${query}\tQ0\t${id}\t${at + 1}\t${score}\t${name}\n`),
    )
    .join('')
}

/** The `<top>` blocks of a TREC topics file: the number and the title of each, and where it begins. */
export function parseTopics(text: string, file: string): readonly Topic[] {
  const topics: Topic[] = []
  for (const { 1: block = '', index } of text.matchAll(/<top>(.*?)<\/top>/gis)) {
    const line = { file, number: text.slice(0, index).split('\n').length, text: block }
    const id = /<num>\s*(?:Number:)?\s*([^\s<]+)/i.exec(block)?.[1]
    const title = /<title>\s*(?:Topic:)?([^<]*)/i.exec(block)?.[1]?.replace(/\s+/g, ' ').trim()
    topics.push({ line, id: textIn(line, '<num>', id), text: textIn(line, '<title>', title) })
  }
  return topics
}

/** Behind it stands the name of the run, where there are six columns. */
function scoreOf(columns: readonly string[]): string | undefined {
  return columns[columns.length === 6 ? 4 : 3]
}

function withoutHeads(
  lines: readonly Line[],
  numberOf: (columns: readonly string[]) => string | undefined,
): readonly Line[] {
  const [first, ...others] = lines
  if (first === undefined || !HEADS.test(first.text)) return lines
  return Number.isNaN(Number(numberOf(columnsOf(first)))) ? others : lines
}
