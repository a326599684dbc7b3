/**
 * Bytes of the index that change behind its back, and files that end too early. A round is one such file: every answer to
 * several readers is the intact file's, or an error that says the index is damaged. Where the full-text index or the access table
 * is hit a passage may be missing or stand elsewhere in the order, and then `verify` has to say so. Then it is repaired.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Principal } from '../../src/core/access.ts'
import { asUnsiloError } from '../../src/core/errors.ts'
import { canonicalJson } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/store.ts'
import type { VectorQuery } from '../../src/core/vectors.ts'
import { openIndex, repairIndex } from '../../src/indexes/registry.ts'
import { fillCodes } from '../../src/indexes/sqlite/codes.ts'
import { connect } from '../../src/indexes/sqlite/connection.ts'
import { candidatesOf, readPassages } from '../../src/indexes/sqlite/hits.ts'
import { nearestOf } from '../../src/indexes/sqlite/nearest.ts'
import { search } from '../../src/query/search.ts'
import { remake } from '../../src/sync/remake.ts'
import { type Random, randomFrom } from '../fuzz/random.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { contentHash, READERS, syncFile, wrongWith } from './storage/pages.ts'

export const part: Part = { name: 'flips', rounds: { full: 500, quick: 20, test: 5 }, run: runPart }

const PAGE_BYTES = 8192
const QUESTIONS = ['printer', 'start of invoice', 'mark7', 'password in change0', 'delivery contract', 'end']
const MODEL = 'model:16'
const DIMENSIONS = 16
const IDS = Array.from({ length: 32 }, (_, at) => `s:${at}`)

/** What was asked, and each item of the answer. */
type Answers = ReadonlyMap<string, readonly string[]>

interface Intact {
  readonly path: string
  readonly bytes: Buffer
  readonly answers: Answers
  readonly hash: string
}

type Fate = 'same answers' | 'an error' | 'fewer or otherwise ordered passages, found by a check'

async function runPart({ seed, rounds }: PartOptions): Promise<PartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-torture-'))
  try {
    const intact = await intactFile(join(folder, 'index.db'))
    const fates: Record<Fate, number> = {
      'same answers': 0,
      'an error': 0,
      'fewer or otherwise ordered passages, found by a check': 0,
    }
    const repairs = { repaired: 0, 'not to be repaired': 0 }
    const missed: string[] = []
    for (let round = 0; round < rounds; round++) {
      const random = randomFrom(seed, round)
      const how = harm(intact, random)
      try {
        const fate = await fateOf(intact)
        fates[fate]++
        repairs[await repaired(intact)]++
      } catch (thrown) {
        missed.push(`round ${round}, ${how}: ${thrown instanceof Error ? thrown.message : thrown}`)
      }
    }
    return { figures: { ...fates, ...repairs }, missed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function intactFile(path: string): Promise<Intact> {
  await syncFile(path, 0, 30)
  await syncFile(path, 1, 30)
  await embedAll(path)
  const bytes = readFileSync(path)
  const { answers, errors } = await ask(path)
  if (errors.length > 0) throw new Error(`the intact file is none: ${errors[0]}`)
  return { path, bytes, answers, hash: await contentHash(path) }
}

/** Every passage, by its letters, and codes of them all, which only a large index has. */
async function embedAll(path: string): Promise<void> {
  const store = await openIndex(path)
  const passages = await store.unembedded(MODEL, 10_000)
  await store.embed(
    MODEL,
    passages.map((passage) => ({ ...passage, vector: vectorOf(passage.text) })),
  )
  await store.close()
  const db = connect(path, new Database(path))
  fillCodes(db, 0)
  db.close()
}

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS).fill(1)
  for (const [at, letter] of [...text].entries()) {
    vector[at % DIMENSIONS] = (vector[at % DIMENSIONS] ?? 0) + (letter.codePointAt(0) ?? 0)
  }
  return vector
}

function nearestTo(text: string, as: readonly Principal[]): VectorQuery {
  return { embedder: MODEL, vector: vectorOf(text), as, limit: 20 }
}

/** In words, what was done to the file. */
function harm({ path, bytes }: Intact, random: Random): string {
  for (const companion of ['-wal', '-shm', '.repair', '.damaged-1']) rmSync(path + companion, { force: true })
  if (random.chance(0.2)) {
    const pages = random.below(bytes.length / PAGE_BYTES)
    writeFileSync(path, bytes.subarray(0, pages * PAGE_BYTES))
    return `cut after ${pages} pages`
  }
  const harmed = Buffer.from(bytes)
  const count = 1 + random.below(4)
  const places = Array.from({ length: count }, () => random.below(bytes.length))
  for (const place of places) harmed[place] = (harmed[place] ?? 0) ^ (1 << random.below(8))
  writeFileSync(path, harmed)
  return `bits changed at ${places.join(', ')}`
}

async function fateOf({ path, answers: expected }: Intact): Promise<Fate> {
  const { answers, errors } = await ask(path)
  const odd = errors.find(({ exit, code }) => exit !== 12 && code !== 'NOT_FOUND')
  if (odd !== undefined)
    throw new Error(`an error that does not say that the index is damaged: ${odd.code} ${odd.message}`)
  for (const [asked, items] of answers) {
    const wrong = items.find((item) => item !== 'null' && !expected.get(asked)?.includes(item))
    if (wrong !== undefined) throw new Error(`${asked} is answered with ${wrong.slice(0, 200)}`)
  }
  if (errors.length > 0) return 'an error'
  if (canonicalJson([...answers]) === canonicalJson([...expected])) return 'same answers'
  if ((await wrongWith(path)).length === 0) throw new Error('answers differ, and no check finds the damage')
  return 'fewer or otherwise ordered passages, found by a check'
}

async function ask(path: string) {
  const answers = new Map<string, readonly string[]>()
  const errors: ReturnType<typeof asUnsiloError>[] = []
  const attempt = async (asked: string, answer: () => Promise<readonly unknown[]>): Promise<void> => {
    try {
      answers.set(asked, (await answer()).map(canonicalJson))
    } catch (thrown) {
      errors.push(asUnsiloError(thrown))
    }
  }
  let store: Store
  try {
    store = await openIndex(path, { mode: 'read' })
  } catch (thrown) {
    return { answers, errors: [asUnsiloError(thrown)] }
  }
  try {
    for (const as of READERS) {
      await askAll(store, as, attempt)
      await askByCode(path, as, attempt)
    }
  } finally {
    await store.close()
  }
  return { answers, errors }
}

type Attempt = (asked: string, answer: () => Promise<readonly unknown[]>) => Promise<void>

/** As of an index that is too large to compare all vectors. */
async function askByCode(path: string, as: readonly Principal[], attempt: Attempt): Promise<void> {
  await attempt(`${as.join()} vectors by code`, async () => {
    const db = connect(path, new Database(path, { readonly: true }))
    try {
      return readPassages(db, nearestOf(db, candidatesOf(db), 0)(nearestTo('printer', as)), { as })
    } finally {
      db.close()
    }
  })
}

async function askAll(store: Store, as: readonly Principal[], attempt: Attempt): Promise<void> {
  const who = as.join() || 'everybody'
  await attempt(`${who} vectors`, async () => store.passages(await store.nearest(nearestTo('printer', as)), { as }))
  for (const text of QUESTIONS) {
    await attempt(`${who} ${text}`, () => search(store, { text, as, limit: 100 }))
  }
  for (const id of IDS) await attempt(`${who} ${id}`, async () => [await store.document(id, as)])
  await attempt(`${who} export`, async () => {
    const documents = []
    for await (const document of store.documents(as)) documents.push(document)
    return documents
  })
}

/** A repair makes a sound file that, after one more run, holds what the intact one does, or says that it can't. */
async function repaired({ path, hash }: Intact): Promise<'repaired' | 'not to be repaired'> {
  try {
    await repairIndex(path, { remake, now: () => 0 })
  } catch (thrown) {
    const { exit, code, message } = asUnsiloError(thrown)
    if (exit === 12) return 'not to be repaired'
    throw new Error(`the repair ended with ${code}: ${message}`)
  }
  const wrong = await wrongWith(path)
  if (wrong.length > 0) throw new Error(`after the repair ${wrong[0]}`)
  const { error } = await syncFile(path, 1, 30)
  if (error !== null) throw new Error(`the run after the repair ended with ${error.code}: ${error.message}`)
  if ((await contentHash(path)) !== hash) throw new Error('the run after the repair left other contents')
  return 'repaired'
}
