/** `unsilo eval gen`: questions with known answers, of what the index holds, as files that `unsilo eval` reads. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { chunk } from '../chunk/chunk.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import { type Given, type Made, type MadeQuestion, madeQuestions } from '../query/evaluation/made.ts'
import type { Io } from './io.ts'
import type { GeneratedLine } from './json-lines-of-tests.ts'
import type { EvalGenOptions } from './options.ts'
import { counted, json, note } from './output.ts'
import { exists, knownSources, openForReading, openOutline } from './setup.ts'

const QUERIES = 'queries.jsonl'
const QRELS = 'qrels.tsv'
const CORPUS = 'corpus.jsonl'

/** Of what the reader may read, and nothing else. Nothing is written before everything is made. */
export async function runEvalGen(options: EvalGenOptions, io: Io): Promise<number> {
  const folder = resolve(io.cwd, options.dir)
  await guardEarlier(folder, options)
  const outline = await openOutline(options, io)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const made = madeQuestions(await given(store, options, io))
    const questions = [...made.ofTickets, ...made.ofHeadings]
    if (questions.length === 0) throw nothing(options)
    await mkdir(folder, { recursive: true })
    await replace(join(folder, QUERIES), questions.map(questionLine).join(''))
    await replace(join(folder, QRELS), `query-id\tcorpus-id\tscore\n${questions.map(judgementLines).join('')}`)
    report(made, folder, options, io)
  } finally {
    await store.close()
  }
  return 0
}

/** Somebody may have corrected them by hand. */
async function guardEarlier(folder: string, { force }: EvalGenOptions): Promise<void> {
  if (await exists(join(folder, CORPUS))) {
    throw new UnsiloError('USAGE', `${folder} holds ${CORPUS}, whose documents would be asked in place of the index.`, {
      hint: 'Nothing was written. Name another folder.',
    })
  }
  for (const name of [QUERIES, QRELS]) {
    if (force || !(await exists(join(folder, name)))) continue
    throw new UnsiloError('USAGE', `${join(folder, name)} is there already.`, {
      hint: 'Nothing was written. Name another folder, or add --force to replace its questions.',
    })
  }
}

async function given(store: Store, { as, sources }: EvalGenOptions, io: Io): Promise<readonly Given[]> {
  const documents: Given[] = []
  for await (const { head, markdown, language } of store.documents(as, sources.length > 0 ? sources : undefined)) {
    if (io.signal.aborted) throw new UnsiloError('INTERRUPTED', 'Interrupted. Nothing was written.')
    documents.push({ head, markdown, language, headings: chunk(head.id, markdown).map(({ headings }) => headings) })
  }
  return documents
}

function questionLine({ id, text, language }: MadeQuestion): string {
  return `${JSON.stringify({ _id: id, text, lang: language })}\n`
}

function judgementLines({ id, answers }: MadeQuestion): string {
  return answers.map((answer) => `${id}\t${answer}\t1\n`).join('')
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
}

function nothing({ as }: EvalGenOptions): UnsiloError {
  const reader = as.length === 0 ? 'the public' : as.join(', ')
  return new UnsiloError('NOT_FOUND', `There is nothing to make questions of in what ${reader} may read.`, {
    hint: 'No ticket links a document there, and no heading stands in one document only. Nothing was written. `--as group:staff` reads tickets too.',
  })
}

function report({ ofTickets, ofHeadings }: Made, folder: string, options: EvalGenOptions, io: Io): void {
  const [tickets, headings] = [ofTickets.length, ofHeadings.length]
  const line: GeneratedLine = { type: 'generated', folder, questions: tickets + headings, tickets, headings }
  if (options.json) json(io, line)
  else if (!options.quiet) {
    note(io, `${counted(tickets + headings, 'question')} in ${folder}: ${tickets} of tickets, ${headings} of headings.`)
  }
}
