/**
 * SIGKILL of the real process on a real file, wherever it is: while it starts, lists, loads, writes, closes. A round is one
 * kill. Sources of every connector stand behind sockets and change between the runs.
 */
import pLimit from 'p-limit'
import { randomFrom } from '../fuzz/random.ts'
import { type ChainReport, liveChain } from './kill-chain.ts'
import type { Part, PartOptions, PartReport } from './part.ts'

const KILLS_A_CHAIN = 20
const AT_A_TIME = 2
const TOGETHER = [
  ['intercom-help', 'zendesk-tickets'],
  ['cloud', 'zendesk-help'],
  ['intercom-tickets', 'docs'],
  ['data-center', 'intercom-help'],
]

export const part: Part = { name: 'kills', rounds: { full: 1_000, quick: 24, test: 3 }, alone: true, run }

async function run({ seed, rounds, log }: PartOptions): Promise<PartReport> {
  const limit = pLimit(AT_A_TIME)
  const chains = Array.from({ length: Math.ceil(rounds / KILLS_A_CHAIN) }, (_, at) => at)
  const reports = await Promise.all(
    chains.map((at) =>
      limit(async () => {
        const kills = Math.min(KILLS_A_CHAIN, rounds - at * KILLS_A_CHAIN)
        const report = await liveChain(TOGETHER[at % TOGETHER.length] ?? [], kills, randomFrom(seed, at))
        log(`chain ${at + 1} of ${chains.length}: ${report.kills.length} kills, ${report.wrong.length} problems`)
        return report
      }),
    ),
  )
  return { figures: figuresOf(reports), missed: missedBy(reports, rounds) }
}

function figuresOf(reports: readonly ChainReport[]): PartReport['figures'] {
  const kills = reports.flatMap((report) => report.kills)
  const count = <T>(some: readonly T[]) =>
    [...Map.groupBy(some, (each) => each)].map(([each, all]) => [each, all.length])
  return {
    kills: kills.length,
    ...Object.fromEntries(count(kills.map(({ phase }) => `killed ${phase}`))),
    ...Object.fromEntries(count(kills.map(({ moment }) => `chosen by ${moment}`))),
    'runs that ended before their moment came': reports.reduce((sum, { outlived }) => sum + outlived, 0),
    'indexes whose content in the end is that of one without kills': reports.filter(({ wrong }) => wrong.length === 0)
      .length,
  }
}

function missedBy(reports: readonly ChainReport[], rounds: number): readonly string[] {
  const wrong = reports.flatMap((report) => report.wrong)
  const kills = reports.reduce((sum, report) => sum + report.kills.length, 0)
  return kills < rounds && wrong.length === 0 ? [`${kills} kills of ${rounds}`] : wrong
}
