/** The commands that fill the index, or say what that would change: sync, plan. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import {
  common,
  type Done,
  durationOption,
  help,
  lockTimeoutOption,
  numberOption,
  SYNCS,
  sourcesArgument,
} from './declare.ts'

interface ReadingFlags {
  full?: boolean
  replay?: string
  allowDeletes?: number
  allowWider?: number
  maxTime?: number
}

interface SyncFlags extends ReadingFlags {
  dryRun?: boolean
  lockTimeout?: number
  heartbeatUrl?: string
  metricsFile?: string
}

export function addSync(program: Command, io: Io, done: Done): void {
  const command = program
    .command('sync')
    .summary('bring the index up to date with the sources')
    .description(
      'Brings the index up to date with the sources: new and changed documents, moves, permissions and deletions. A run that would remove unusually many documents, or open them to more readers, stops until that number is allowed.',
    )
    .addArgument(sourcesArgument())
    .option('--dry-run', 'say what would change, as `unsilo plan` does')
  addReadingOptions(command)
    .addOption(lockTimeoutOption())
    .option('--metrics-file <file>', "figures for the textfile collector of Prometheus' node exporter")
    .option(
      '--heartbeat-url <url>',
      'tell this address, in the way of healthchecks.io, that the run started, and how it ended',
    )
    .action(async (sources: string[], flags: SyncFlags) => {
      const { runSync } = await import('../sync.ts')
      const { dryRun = false, lockTimeout, heartbeatUrl, metricsFile } = flags
      const watched = { lockTimeoutMs: lockTimeout, heartbeatUrl, metricsFile }
      const planned = { dryRun, diff: false, exitCode: false }
      done(await runSync({ ...common(command), sources, ...reading(flags), ...planned, ...watched }, io))
    })
  help(command, {
    examples: [
      'unsilo sync',
      'unsilo sync wiki --full',
      'unsilo sync --quiet --max-time 2h',
      'unsilo sync --allow-deletes 120',
    ],
    exits: SYNCS,
  })
}

interface PlanFlags extends ReadingFlags {
  diff?: boolean
  exitCode?: boolean
}

export function addPlan(program: Command, io: Io, done: Done): void {
  const command = program
    .command('plan')
    .summary('what a sync would change')
    .description(
      'Says what a sync would do with each document, and changes nothing: the index is opened to be read, and nothing is written to the sources. Ends with 11 where a guard would stop that sync.',
    )
    .addArgument(sourcesArgument())
    .option('--diff', 'load the texts, and print how their markdown would change')
    .option('--exit-code', 'end with 20 where something would change')
  addReadingOptions(command).action(async (sources: string[], flags: PlanFlags) => {
    const { runPlan } = await import('../plan.ts')
    const planned = { diff: flags.diff === true, exitCode: flags.exitCode === true }
    done(await runPlan({ ...common(command), sources, ...reading(flags), ...planned }, io))
  })
  help(command, {
    examples: ['unsilo plan', 'unsilo plan wiki --diff', 'unsilo plan --exit-code --json'],
    exits: [3, 4, 5, 6, 11, 12, 20],
  })
}

function addReadingOptions(command: Command): Command {
  return command
    .option('--full', 'ask for everything, whatever was seen before')
    .option('--replay <dir>', 'answer from a folder of recordings instead of the network; needs no credentials')
    .addOption(numberOption('--allow-deletes <number>', 'let this run remove up to so many documents of a source', 0))
    .addOption(numberOption('--allow-wider <number>', 'let this run open up to so many documents to more readers', 0))
    .addOption(durationOption('--max-time <duration>', 'end in good order, with 5, after so long: 90s, 45m, 2h'))
}

function reading({ full = false, replay, allowDeletes, allowWider, maxTime }: ReadingFlags) {
  return { full, replay, allowDeletes, allowWider, maxTimeMs: maxTime }
}
