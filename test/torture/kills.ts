/**
 * SIGKILL of the real process on a real file, wherever it is: while it starts, lists, loads, writes, closes, migrates or
 * repairs. A round is one kill. Sources of every connector stand behind sockets and change between the runs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { type Random, randomFrom } from '../fuzz/random.ts'
import { type ChainReport, liveChain } from './kill-chain.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { type KillReport, killMigrations, killRepairs } from './storage/kills.ts'

const MOST_KILLS_A_CHAIN = 20
const AT_A_TIME = 2
/** Of all kills, each; one at least. */
const OF_STORAGE = 0.1
/** So many, and one of them at least comes at every moment that is asked for. */
const MANY = 20
const TOGETHER = [
  ['intercom-help', 'zendesk-tickets'],
  ['cloud', 'zendesk-help'],
  ['intercom-tickets', 'docs'],
  ['data-center', 'intercom-help'],
]

export const part: Part = { name: 'kills', rounds: { full: 1_000, quick: 6, test: 3 }, alone: true, run }

async function run(options: PartOptions): Promise<PartReport> {
  const { seed, rounds } = options
  const ofEach = Math.max(1, Math.floor(rounds * OF_STORAGE))
  const migrations = await inFolder(killMigrations, ofEach, randomFrom(seed, 1))
  const repairs = await inFolder(killRepairs, ofEach, randomFrom(seed, 2))
  // Some of those were done before their moment came.
  const chains = await liveChains({ ...options, rounds: rounds - migrations.kills - repairs.kills })
  const stored = { 'kills while it migrated': migrations.kills, 'kills while it repaired': repairs.kills }
  const missed = [
    ...chains.flatMap(({ wrong }) => wrong),
    ...migrations.missed,
    ...repairs.missed,
    ...momentsMissed(chains, { migrate: migrations, repair: repairs }),
  ]
  return { figures: { ...figuresOf(chains), ...stored }, missed }
}

/** A kill that comes before or after the work shows nothing of it. */
function momentsMissed(
  chains: readonly ChainReport[],
  stored: Readonly<Record<string, KillReport>>,
): readonly string[] {
  const kills = chains.flatMap((chain) => chain.kills)
  const wrote = kills.some(({ phase }) => phase === 'while it wrote')
  return [
    ...(kills.length >= MANY && !wrote ? [`of ${kills.length} kills none came while a sync wrote`] : []),
    ...Object.entries(stored).flatMap(([task, { kills: early, late }]) =>
      early + late >= MANY && early === 0 ? [`of ${late} kills none came before a ${task} was done`] : [],
    ),
  ]
}

async function liveChains({ seed, rounds, log }: PartOptions): Promise<readonly ChainReport[]> {
  const limit = pLimit(AT_A_TIME)
  const inChain = Math.min(MOST_KILLS_A_CHAIN, Math.ceil(rounds / AT_A_TIME))
  const chains = Array.from({ length: Math.ceil(rounds / inChain) }, (_, at) => at)
  return await Promise.all(
    chains.map((at) =>
      limit(async () => {
        const kills = Math.min(inChain, rounds - at * inChain)
        const report = await liveChain(TOGETHER[at % TOGETHER.length] ?? [], kills, randomFrom(seed, at))
        log(`chain ${at + 1} of ${chains.length}: ${report.kills.length} kills, ${report.wrong.length} problems`)
        return report
      }),
    ),
  )
}

async function inFolder(
  kill: (folder: string, rounds: number, random: Random) => Promise<KillReport>,
  rounds: number,
  random: Random,
): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-kills-'))
  return await kill(folder, rounds, random).finally(() => rmSync(folder, { recursive: true }))
}

function figuresOf(reports: readonly ChainReport[]): PartReport['figures'] {
  const kills = reports.flatMap((report) => report.kills)
  const count = (some: readonly string[]) =>
    [...Map.groupBy(some, (each) => each)].map(([each, all]) => [each, all.length]).sort()
  return {
    'kills of sync': kills.length,
    ...Object.fromEntries(count(kills.map(({ phase }) => `killed ${phase}`))),
    ...Object.fromEntries(count(kills.map(({ moment }) => `moment chosen by ${moment}`))),
    'runs that ended before their moment came': reports.reduce((sum, { outlived }) => sum + outlived, 0),
    'indexes whose content hash in the end is that of one without kills': reports.filter(
      ({ wrong }) => wrong.length === 0,
    ).length,
  }
}
