/**
 * What a document costs in memory: a first sync, and one where nothing changed, of a source with half of the documents
 * and with all of them. The program is a process of its own, so that the emulator's memory is not counted.
 *
 * The base is flat once the caches are full, SQLite's above all, which takes some 40,000 small documents: with fewer the
 * cost of one is printed and not judged.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startConfluenceEmulator } from '../emulators/confluence.ts'
import { type Measured, measured, measuredScript } from './measured-process.ts'
import type { Part, PartOptions, PartReport } from './part.ts'

const BYTES_A_DOCUMENT = 500
/** For as many documents as a full run has, and fewer. */
const MOST_MB = 400
/** From here on the caches are full in both runs. */
const JUDGED_FROM = 80_000

const LOOP = fileURLToPath(import.meta.resolve('./loop-process.ts'))

/** A round is a thousand documents. */
export const part: Part = { name: 'memory', rounds: { full: 100, quick: 5, test: 1 }, alone: true, run }

/** Of a source with so many documents: a first sync, and another of the same. */
type TwoRuns = (documents: number, folder: string) => Promise<readonly [Measured, Measured]>

async function run({ rounds, quick, log }: PartOptions): Promise<PartReport> {
  const figures: Record<string, string> = {}
  const missed: string[] = []
  const sources: Readonly<Record<string, TwoRuns>> = quick ? { loop } : { loop, confluence }
  for (const [source, twoRuns] of Object.entries(sources)) {
    const many = rounds * 1000
    const few = many / 2
    const peaks = { few: await inFolder(few, twoRuns), many: await inFolder(many, twoRuns) }
    for (const [at, what] of ['first sync', 'nothing changed'].entries()) {
      const [less, most] = [peaks.few[at]?.mb ?? Number.NaN, peaks.many[at]?.mb ?? Number.NaN]
      const each = ((most - less) * 1e6) / (many - few)
      const name = `${source}, ${what}`
      figures[name] =
        `${most.toFixed(0)} MB of ${many}, ${less.toFixed(0)} MB of ${few}: ${each.toFixed(0)} bytes a document`
      log(`${name}: ${figures[name]}`)
      if (many >= JUDGED_FROM && !(each <= BYTES_A_DOCUMENT))
        missed.push(`${name}: ${each.toFixed(0)} bytes a document`)
      if (!(most <= MOST_MB)) missed.push(`${name}: ${most.toFixed(0)} MB`)
    }
  }
  return { figures, missed }
}

async function inFolder(documents: number, twoRuns: TwoRuns): Promise<readonly [Measured, Measured]> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-memory-'))
  try {
    const runs = await twoRuns(documents, folder)
    const bad = runs.find(({ code }) => code !== 0)
    if (bad !== undefined) throw new Error(`a run of ${documents} ended with ${bad.code}: ${bad.said.slice(-500)}`)
    return runs
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The loop and the index alone, under a connector that holds nothing itself. */
async function loop(documents: number, folder: string): Promise<readonly [Measured, Measured]> {
  const sync = () => measuredScript(LOOP, [String(documents), join(folder, 'index.db')], folder)
  return [await sync(), await sync()]
}

async function confluence(documents: number, folder: string): Promise<readonly [Measured, Measured]> {
  const { model, url, close } = await startConfluenceEmulator()
  const space = model.addSpace({ key: 'DOC' })
  const parents: string[] = []
  for (let at = 0; at < documents; at++) {
    const parentId = parents[Math.floor(at / 20)] ?? null
    const body = `<p>To reset device ${at}, hold its button for ${at % 60} seconds.</p>`
    parents.push(model.addPage({ spaceId: space.id, title: `Device ${at}`, parentId, body }).id)
  }
  const wiki = { connector: 'confluence', baseUrl: url, auth: { bearer: `\${env:TOKEN}` }, spaces: ['DOC'] }
  writeFileSync(join(folder, 'unsilo.config.yaml'), JSON.stringify({ sources: { wiki } }))
  const sync = () => measured(['sync'], folder, { TOKEN: 'a-token-of-the-torture' })
  const runs = [await sync(), await sync()] as const
  await close()
  return runs
}
