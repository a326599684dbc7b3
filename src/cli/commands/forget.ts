/** The command that takes a source out of the index: forget. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help, lockTimeoutOption, WRITES } from './declare.ts'

interface ForgetFlags {
  yes?: boolean
  lockTimeout?: number
}

export function addForget(program: Command, io: Io, done: Done): void {
  const command = program
    .command('forget')
    .summary('take a source out of the index that is no more in the configuration')
    .description(
      'Removes what the index holds of sources that the configuration names no more: renamed ones, whose documents are there twice, and those that were taken out, whose documents are still found. Says what would go, and asks.',
    )
    .argument('<source...>', 'names of sources, as `unsilo status` prints them')
    .option('-y, --yes', 'ask nobody')
    .addOption(lockTimeoutOption())
    .action(async (sources: string[], { yes = false, lockTimeout }: ForgetFlags) => {
      const { runForget } = await import('../forget.ts')
      done(await runForget({ ...common(command), sources, yes, lockTimeoutMs: lockTimeout }, io))
    })
  help(command, { examples: ['unsilo forget old-wiki', 'unsilo forget old-wiki --yes'], exits: WRITES })
}
