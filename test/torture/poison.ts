/**
 * Poison documents, one at a time among good ones, in every kind of source: the real program is run on it as a process,
 * through its connector and over sockets. It must end well within 30 s and 512 MB, with every good document in the
 * index, and the poison there too, cut where it had to be, or in quarantine with a reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { type Measured, measured } from './measured-process.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { GOOD, type PoisonedSource, sources } from './poisoned-sources.ts'
import { type Poison, poisons } from './poisons.ts'
import { sayingBytes } from './saying-bytes.ts'

const LONGEST_S = 30
const MOST_MB = 512

/** A round is one poison in one kind of source; one after another, every pair comes once. */
const pairs = Object.keys(sources).length * poisons.length

export const part: Part = { name: 'poison', rounds: { full: pairs, quick: 2, test: 1 }, alone: true, run }

async function run(options: PartOptions): Promise<PartReport> {
  const missed: string[] = []
  const most = { seconds: 0, mb: 0 }
  const came = { cut: 0, whole: 0, quarantined: 0 }
  for (let round = 0; round < options.rounds; round++) {
    const at = options.seed - 1 + round
    const [kind, start] = Object.entries(sources)[at % Object.keys(sources).length] ?? []
    const poison = poisons[at % poisons.length]
    if (kind === undefined || start === undefined || poison === undefined) throw new Error('there is no source')
    const outcome = await taken(await start(poison), poison)
    const { seconds, cpuSeconds, mb, poisoned } = outcome
    options.log(
      `${poison.name} in ${kind}: ${poisoned}, ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s CPU), ${mb.toFixed(0)} MB`,
    )
    missed.push(...missesOf(outcome, options).map((miss) => `${poison.name} in ${kind}: ${miss}`))
    came[poisoned === 'cut' || poisoned === 'whole' ? poisoned : 'quarantined'] += 1
    most.seconds = Math.max(most.seconds, seconds)
    most.mb = Math.max(most.mb, mb)
  }
  const figures = { ...came, 'longest, seconds': most.seconds.toFixed(1), 'most memory, MB': most.mb.toFixed(0) }
  return { figures, missed }
}

interface Outcome extends Measured {
  /** `cut`, `whole`, or why it is in quarantine; empty if it is nowhere. */
  readonly poisoned: string
  readonly good: number
}

function missesOf({ code, said, seconds, mb, poisoned, good }: Outcome, { timed }: PartOptions): readonly string[] {
  return [
    ...(code === 0 || code === 3 ? [] : [`ended with ${code}: ${said.slice(0, 300)}`]),
    ...(timed && seconds > LONGEST_S ? [`took ${seconds.toFixed(1)} s`] : []),
    ...(mb > MOST_MB ? [`took ${mb.toFixed(0)} MB`] : []),
    ...(poisoned === '' ? ['neither indexed nor in quarantine'] : []),
    ...(good === GOOD ? [] : [`only ${good} of ${GOOD} good documents are indexed`]),
  ]
}

async function taken(source: PoisonedSource, poison: Poison): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-poison-'))
  const front = await sayingBytes(source.url, poison.bytes)
  const config = { sources: { it: source.config(front.url) } }
  writeFileSync(join(folder, 'unsilo.config.yaml'), JSON.stringify(config))
  const ended = await measured(['sync'], folder, source.env)
  await Promise.all([front.close(), source.close()])
  const stored = await found(join(folder, '.unsilo', 'index.db'), source.poisoned).catch(() => ({
    poisoned: '',
    good: 0,
  }))
  rmSync(folder, { recursive: true })
  return { ...ended, ...stored }
}

/** @param isPoisoned by native id */
async function found(path: string, isPoisoned: (id: string) => boolean): Promise<Pick<Outcome, 'poisoned' | 'good'>> {
  const store = await openSqlite(path, { mode: 'read' })
  const ids = await store.ids('it')
  const native = (id: string) => id.slice('it:'.length)
  const id = ids.find((each) => isPoisoned(native(each)))
  const good = ids.filter((each) => !isPoisoned(native(each))).length
  const losses = id === undefined ? null : (await store.stored([id])).get(id)?.losses
  const failure = (await store.quarantine('it')).find((each) => isPoisoned(native(each.id)))
  await store.close()
  if (losses) return { good, poisoned: Object.keys(losses).some((name) => /cut/.test(name)) ? 'cut' : 'whole' }
  return { good, poisoned: failure?.reason ?? '' }
}
