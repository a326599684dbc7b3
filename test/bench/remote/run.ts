/**
 * `npm run bench:remote [-- --quick] [-- --only DRIVER]`: what each driver costs on the same passages: storing them, a sync
 * that finds nothing new, and questions by words. Prints its figures; ends with 1 where a driver does not do its work.
 */
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { readOriginals } from '../query/corpus.ts'
import { type Question, questions } from '../query/questions.ts'
import { ask, load, syncUnchanged } from './measure-driver.ts'
import { type Driver, PLACES, type Place } from './places.ts'

const { quick = false, only } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } }).values
const chunks = quick ? 4_000 : 100_000
const each = quick ? 8 : 100
/** Chunks whose words are asked for. */
const MOST_READ = 20_000
const drivers = (Object.keys(PLACES) as Driver[]).filter((driver) => only === undefined || only === driver)

const figures: string[] = []
const failed: string[] = []
console.log(
  `Node ${process.version}, ${cpus().length} cores, ${gigabytes(totalmem())}, load ${loadavg()[0]?.toFixed(1)}`,
)
const originals = readOriginals()
const asked = [...questions(originals, each, Math.min(chunks, MOST_READ)).values()].flat()
for (const driver of drivers) {
  await measured(driver).catch((thrown: unknown) => {
    failed.push(driver)
    console.error(thrown)
  })
}
const summary = failed.length === 0 ? 'every driver did its work' : `failed: ${failed.join(', ')}`
console.log(`bench:remote: ${[...figures, summary].join('; ')}${quick ? ' (quick)' : ''}`)
process.exit(failed.length === 0 ? 0 : 1)

async function measured(driver: Driver): Promise<void> {
  const place: Place | string = await PLACES[driver]()
  if (typeof place === 'string') {
    console.log(`\n${driver}: skipped, ${place}`)
    figures.push(`${driver} skipped`)
    return
  }
  console.log(`\n${place.name}`)
  try {
    await measure(driver, place)
  } finally {
    await place.close()
  }
}

async function measure(driver: Driver, place: Place): Promise<void> {
  const loaded = await load(place.location, originals, chunks)
  const rate = loaded.chunks / loaded.seconds
  const bytes = await place.bytes()
  say('stored', `${count(rate)} passages a second (${count(loaded.chunks)} of ${count(loaded.heads.length)} documents)`)
  say('on disk', `${(bytes / 1e6).toFixed(0)} MB, ${count(bytes / loaded.chunks)} bytes a passage`)
  const times = await answered(place, asked)
  say('a question', `p50 ${times.p50.toFixed(1)} ms, p99 ${times.p99.toFixed(1)} ms (${count(asked.length)} questions)`)
  const seconds = await syncUnchanged(place.location, loaded.heads)
  say('no change', `${seconds.toFixed(2)} s, ${count(loaded.heads.length / seconds)} documents a second`)
  const told = [`${count(rate)}/s stored`, `p50 ${times.p50.toFixed(1)} p99 ${times.p99.toFixed(1)} ms`]
  figures.push(`${driver} ${[...told, `no change ${seconds.toFixed(1)} s`].join(', ')}`)
}

/** Of all kinds together, once they were all asked before. */
async function answered(
  place: Place,
  all: readonly Question[],
): Promise<{ readonly p50: number; readonly p99: number }> {
  await ask(place.location, all)
  const times = (await ask(place.location, all)).toSorted((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

function say(what: string, figure: string): void {
  console.log(`  ${what.padEnd(11)} ${figure}`)
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en')
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(0)} GiB`
}
