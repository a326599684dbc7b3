/** The command that fills the index: sync. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help, lockTimeoutOption, numberOption } from './declare.ts'

interface SyncFlags {
  full?: boolean
  dryRun?: boolean
  replay?: string
  allowDeletes?: number
  allowWider?: number
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
    .argument('[source...]', 'names of sources; all when none is given')
    .option('--full', 'ask for everything, whatever was seen before')
    .option('--dry-run', 'say what would change; write nothing and load no text')
    .option('--replay <dir>', 'answer from a folder of recordings instead of the network; needs no credentials')
    .addOption(numberOption('--allow-deletes <number>', 'let this run remove up to so many documents of a source', 0))
    .addOption(numberOption('--allow-wider <number>', 'let this run open up to so many documents to more readers', 0))
    .addOption(lockTimeoutOption())
    .option('--metrics-file <file>', "figures for the textfile collector of Prometheus' node exporter")
    .option('--heartbeat-url <url>', 'tell this address, in the way of healthchecks.io: /start, then nothing or /fail')
    .action(async (sources: string[], flags: SyncFlags) => {
      const { runSync } = await import('../sync.ts')
      const asked = { full: flags.full === true, dryRun: flags.dryRun === true, replay: flags.replay }
      const allowed = { allowDeletes: flags.allowDeletes, allowWider: flags.allowWider }
      const watched = {
        lockTimeoutMs: flags.lockTimeout,
        heartbeatUrl: flags.heartbeatUrl,
        metricsFile: flags.metricsFile,
      }
      done(await runSync({ ...common(command), sources, ...asked, ...allowed, ...watched }, io))
    })
  help(command, {
    examples: ['unsilo sync', 'unsilo sync wiki --dry-run', 'unsilo sync --json', 'unsilo sync --allow-deletes 120'],
    exits: [3, 4, 5, 6, 10, 11, 12],
  })
}
