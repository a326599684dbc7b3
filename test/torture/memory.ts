/**
 * What a document costs in memory: a first sync, and one where nothing changed, of a source with half of the documents
 * and with all of them. The program is a process of its own, so that the emulator's memory is not counted.
 *
 * The base is flat once the caches are full, SQLite's above all, which takes some 40,000 small documents: with fewer the
 * cost of one is printed and not judged.
 *
 * A peak is what is held and what the collector hasn't got round to: that is no less than nothing, and differs by 10 MB
 * and more from run to run. So each run is done twice, but for a quick look; what a document costs is told from the smaller
 * peaks, and what a run takes at most from the larger ones.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

/** Of a source with so many documents: a first sync, and one where nothing changed, in each of the folders. */
type Runs = (documents: number, folders: readonly string[]) => Promise<Peaks>

type Kind = 'first sync' | 'nothing changed'

/** Millions of bytes, by run. */
type Peaks = Readonly<Record<Kind, readonly number[]>>

async function run({ rounds, quick, log }: PartOptions): Promise<PartReport> {
  const figures: Record<string, string> = {}
  const missed: string[] = []
  const sources: Readonly<Record<string, Runs>> = quick ? { loop } : { loop, confluence }
  for (const [source, runs] of Object.entries(sources)) {
    const many = rounds * 1000
    const few = many / 2
    const times = quick ? 1 : 2
    const peaks = { few: await inFolders(times, few, runs), many: await inFolders(times, many, runs) }
    for (const what of ['first sync', 'nothing changed'] as const) {
      const each = ((Math.min(...peaks.many[what]) - Math.min(...peaks.few[what])) * 1e6) / (many - few)
      const most = Math.max(...peaks.many[what])
      const name = `${source}, ${what}`
      figures[name] =
        `${megabytes(peaks.many[what])} of ${many}, ${megabytes(peaks.few[what])} of ${few}: ${each.toFixed(0)} bytes a document`
      log(`${name}: ${figures[name]}`)
      if (many >= JUDGED_FROM && !(each <= BYTES_A_DOCUMENT))
        missed.push(`${name}: ${each.toFixed(0)} bytes a document`)
      if (!(most <= MOST_MB)) missed.push(`${name}: ${most.toFixed(0)} MB`)
    }
  }
  return { figures, missed }
}

function megabytes(peaks: readonly number[]): string {
  return `${peaks.map((mb) => mb.toFixed(0)).join(' and ')} MB`
}

async function inFolders(times: number, documents: number, runs: Runs): Promise<Peaks> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-memory-'))
  try {
    const folders = Array.from({ length: times }, (_, at) => join(folder, String(at)))
    for (const each of folders) mkdirSync(each)
    return await runs(documents, folders)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The loop and the index alone, under a connector that holds nothing itself. */
function loop(documents: number, folders: readonly string[]): Promise<Peaks> {
  return syncTwice(folders, (folder) => measuredScript(LOOP, [String(documents), join(folder, 'index.db')], folder))
}

async function confluence(documents: number, folders: readonly string[]): Promise<Peaks> {
  const { model, url, close } = await startConfluenceEmulator()
  const space = model.addSpace({ key: 'DOC' })
  const parents: string[] = []
  for (let at = 0; at < documents; at++) {
    const parentId = parents[Math.floor(at / 20)] ?? null
    const body = `<p>To reset device ${at}, hold its button for ${at % 60} seconds.</p>`
    parents.push(model.addPage({ spaceId: space.id, title: `Device ${at}`, parentId, body }).id)
  }
  const wiki = { connector: 'confluence', baseUrl: url, auth: { bearer: `\${env:TOKEN}` }, spaces: ['DOC'] }
  const peaks = await syncTwice(folders, (folder) => {
    writeFileSync(join(folder, 'unsilo.config.yaml'), JSON.stringify({ sources: { wiki } }))
    return measured(['sync'], folder, { TOKEN: 'a-token-of-the-torture' })
  })
  await close()
  return peaks
}

/** @param sync into the index of that folder */
async function syncTwice(folders: readonly string[], sync: (folder: string) => Promise<Measured>): Promise<Peaks> {
  const peaks: Record<Kind, number[]> = { 'first sync': [], 'nothing changed': [] }
  for (const folder of folders) {
    peaks['first sync'].push(peakOf(await sync(folder)))
    peaks['nothing changed'].push(peakOf(await sync(folder)))
  }
  return peaks
}

function peakOf({ code, said, mb }: Measured): number {
  if (code !== 0) throw new Error(`a run ended with ${code}: ${said.slice(-500)}`)
  return mb
}
