/** The files of an evaluation: where they are, and what stands in them. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UnsiloError } from '../core/errors.ts'
import type { Judgements, Run } from '../query/evaluation/measures.ts'
import { parseQuestions, type Question } from '../query/evaluation/questions.ts'
import { parseQrels, parseRun } from '../query/evaluation/trec.ts'
import type { Io } from './io.ts'
import type { EvalOptions } from './options.ts'
import { exists } from './setup.ts'

export interface EvalFiles {
  readonly judgements: Judgements
  /** Those that are judged. Empty where a run is judged and no questions were given. */
  readonly questions: readonly Question[]
  /** Of the documents to ask, where it is not the index. */
  readonly corpus: string | null
  /** To be judged instead of asking. */
  readonly run: Run | null
  readonly baseline: Run | null
}

const QUERIES = ['queries.jsonl', 'queries.tsv', 'topics.txt']
const QRELS = ['qrels.tsv', 'qrels.txt', 'qrels/test.tsv']
const CORPORA = ['corpus.jsonl']

/** What is not named is looked for in the folder. */
export async function readEvalFiles(options: EvalOptions, io: Io): Promise<EvalFiles> {
  const find = (named: string | undefined, usual: readonly string[]) => place(named, usual, options.dir, io)
  const [qrels, queries] = [await find(options.qrels, QRELS), await find(options.queries, QUERIES)]
  if (qrels === null) throw missing('judgements', '--qrels', QRELS)
  if (queries === null && options.run === undefined) throw missing('questions', '--queries', QUERIES)
  const judgements = parseQrels(await text(qrels), qrels)
  if (judgements.size === 0) throw new UnsiloError('USAGE', `${qrels}: holds no judgement.`)
  return {
    judgements,
    questions: queries === null ? [] : judged(parseQuestions(await text(queries), queries), judgements, queries),
    corpus: await find(options.corpus, CORPORA),
    run: await readRun(options.run, judgements, io),
    baseline: await readRun(options.baseline, judgements, io),
  }
}

/** A question that is judged and can't be asked would count as one that was answered badly. */
function judged(questions: readonly Question[], judgements: Judgements, file: string): readonly Question[] {
  const known = new Set(questions.map(({ id }) => id))
  const unasked = [...judgements.keys()].filter((query) => !known.has(query))
  if (unasked.length === 0) return questions.filter(({ id }) => judgements.has(id))
  throw new UnsiloError('USAGE', `${file}: ${unasked[0]} is judged, but no question has that id.`, {
    hint: `${unasked.length} of ${judgements.size} judged questions are missing. Nothing was measured.`,
  })
}

/** One of other questions would count as one that answered all of these badly. */
async function readRun(named: string | undefined, judgements: Judgements, io: Io): Promise<Run | null> {
  if (named === undefined) return null
  const file = resolve(io.cwd, named)
  const run = parseRun(await text(file), file)
  if (run.size === 0 || [...run.keys()].some((query) => judgements.has(query))) return run
  throw new UnsiloError('USAGE', `${file}: answers none of the judged questions.`, {
    hint: 'It may be a run of another set. Nothing was measured.',
  })
}

async function place(
  named: string | undefined,
  usual: readonly string[],
  dir: string | undefined,
  io: Io,
): Promise<string | null> {
  if (named !== undefined) return resolve(io.cwd, named)
  if (dir === undefined) return null
  for (const name of usual) {
    const file = join(resolve(io.cwd, dir), name)
    if (await exists(file)) return file
  }
  return null
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UnsiloError('USAGE', `${file}: can't be read.`, { cause })
  }
}

function missing(what: string, option: string, names: readonly string[]): UnsiloError {
  return new UnsiloError('USAGE', `There are no ${what}.`, {
    hint: `Name a file with ${option}, or a folder that holds ${names.join(' or ')}.`,
  })
}
