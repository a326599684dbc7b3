/** `unsilo eval`: how well the index answers questions whose answers are known. */
import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { languageOf } from '../analysis/analyse.ts'
import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { documentId } from '../core/ids.ts'
import type { Store } from '../core/store.ts'
import { type Asked, askAll, type Group, groupedBy, percentile, rowsOf } from '../query/evaluation/evaluate.ts'
import { measureOf, type Run, USUAL_MEASURES } from '../query/evaluation/measures.ts'
import { formatRun } from '../query/evaluation/trec.ts'
import { withSynonyms } from '../query/synonyms.ts'
import { armsOfCorpus, armsOfIndex, type EvalArms } from './eval-arms.ts'
import { CORPUS, corpusId, indexCorpus } from './eval-corpus.ts'
import { type EvalFiles, readEvalFiles } from './eval-files.ts'
import { type Report, reportEvaluation } from './eval-report.ts'
import type { Io } from './io.ts'
import type { EvalOptions } from './options.ts'
import { exists, knownSources, openForAsking, openOutline, synonymLines } from './setup.ts'

/** What is asked, and how its documents are called in judgements. */
interface Place {
  readonly index: Store
  /** Null: nobody counted. */
  readonly size: number | null
  readonly nameOf: (id: string) => string
  readonly idOf: (name: string) => string
  close(): Promise<void>
}

type Found = ReadonlyMap<string, StoredDocument | null>

/** 1 when a floor is missed. */
export async function runEval(options: EvalOptions, io: Io): Promise<number> {
  const measures = [...new Set([...measuresOf(options), ...options.floors.map(({ measure }) => measure)])].map(
    measureOf,
  )
  if (options.runOut !== undefined) await checkFolder(dirname(resolve(io.cwd, options.runOut)))
  const files = await readEvalFiles(options, io)
  const place = needsIndex(options, files) ? await open(options, files, io) : null
  try {
    const arms = files.run === null && place !== null ? await armsFor(options, files, place, io) : null
    const asked = arms !== null && place !== null ? await ask(options, files, place, arms, io) : null
    const run: Run = files.run ?? asked?.run ?? new Map()
    const found = place === null ? null : await relevantDocuments(options, files, place)
    const rows = rowsOf(groupsOf(options, files, found), measures, files.judgements, run, files.baseline)
    if (options.runOut !== undefined) await writeFile(resolve(io.cwd, options.runOut), formatRun(run, 'unsilo'))
    const report: Report = {
      rows,
      documents: place?.size ?? null,
      latency: latencyOf(asked),
      embedder: arms?.embedder ?? null,
      missing: missingOf(found),
    }
    return reportEvaluation(report, options, io)
  } finally {
    await place?.close()
  }
}

/** Before all questions are asked for nothing. */
async function checkFolder(folder: string): Promise<void> {
  if (await exists(folder)) return
  throw new UnsiloError('USAGE', `${folder}: there is no such folder to write a run into.`)
}

function measuresOf({ measures }: EvalOptions): readonly string[] {
  return measures.length === 0 ? USUAL_MEASURES : measures
}

/** A run can be judged without the documents, but not told apart by what they are. */
function needsIndex({ by }: EvalOptions, { run }: EvalFiles): boolean {
  return run === null || by.includes('source') || by.includes('kind')
}

async function open(options: EvalOptions, { corpus }: EvalFiles, io: Io): Promise<Place> {
  if (corpus !== null) {
    const lines = await synonymLines((await openOutline(options, io)).synonyms)
    const { store, size, remove } = await indexCorpus(corpus, io.signal)
    return {
      index: withSynonyms(store, lines),
      size,
      nameOf: corpusId,
      idOf: (name) => documentId(CORPUS, name),
      close: remove,
    }
  }
  const outline = await openOutline(options, io)
  const store = await openForAsking(outline)
  try {
    await knownSources(options.sources, store, outline)
  } catch (thrown) {
    await store.close()
    throw thrown
  }
  const same = (id: string) => id
  return { index: store, size: null, nameOf: same, idOf: same, close: () => store.close() }
}

function armsFor(options: EvalOptions, { corpus }: EvalFiles, { index }: Place, io: Io): Promise<EvalArms> {
  return corpus === null ? armsOfIndex(index, options, io) : armsOfCorpus(index, options, io)
}

async function ask(
  options: EvalOptions,
  { questions }: EvalFiles,
  place: Place,
  { armsOf }: EvalArms,
  io: Io,
): Promise<Asked> {
  const { as, sources, depth } = options
  const chosen = sources.length === 0 ? {} : { sources }
  return askAll(place.index, questions, {
    ...{ as, depth, armsOf, nameOf: place.nameOf, clock: () => performance.now(), ...chosen },
    onQuestion: () => {
      if (io.signal.aborted) throw new UnsiloError('INTERRUPTED', 'Interrupted. Nothing was written.')
    },
  })
}

/** What the judgements call relevant, by its name there; null is a document that is not there for who asks. */
async function relevantDocuments({ as }: EvalOptions, { judgements }: EvalFiles, place: Place): Promise<Found> {
  const found = new Map<string, StoredDocument | null>()
  for (const judged of judgements.values()) {
    for (const [name, gain] of judged) {
      if (gain > 0 && !found.has(name)) found.set(name, await place.index.document(place.idOf(name), as))
    }
  }
  return found
}

function groupsOf(options: EvalOptions, { judgements, questions }: EvalFiles, found: Found | null): readonly Group[] {
  const queries = new Set(judgements.keys())
  const languages = new Map(questions.map(({ id, language, text }) => [id, language ?? languageOf(undefined, text)]))
  const relevant = (query: string) =>
    [...(judgements.get(query) ?? [])].flatMap(([name, gain]) => (gain > 0 ? (found?.get(name) ?? []) : []))
  const keys = {
    language: (query: string) => [languages.get(query) ?? 'unknown'],
    source: (query: string) => relevant(query).map((document) => document.source),
    kind: (query: string) => relevant(query).map((document) => document.head.kind),
  }
  return [{ by: 'all', value: '', queries }, ...options.by.flatMap((by) => groupedBy(by, queries, keys[by]))]
}

function latencyOf(asked: Asked | null): Report['latency'] {
  return asked && { p50: percentile(asked.times, 0.5), p95: percentile(asked.times, 0.95) }
}

function missingOf(found: Found | null): number {
  return [...(found ?? new Map()).values()].filter((document) => document === null).length
}
