/** The commands that set unsilo up and prove that it is: init, check. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help } from './declare.ts'

export function addInit(program: Command, io: Io, done: Done): void {
  const command = program
    .command('init')
    .summary('write a configuration to start from')
    .description('Writes a commented unsilo.config.yaml (or the file named with --config).')
    .option('--force', 'replace a file that is there')
    .action(async (options: { force?: boolean }) => {
      const { runInit } = await import('../init.ts')
      done(await runInit({ ...common(command), force: options.force === true }, io))
    })
  help(command, { examples: ['unsilo init', 'unsilo init --config team/unsilo.config.yaml'], exits: [6] })
}

export function addCheck(program: Command, io: Io, done: Done): void {
  const command = program
    .command('check')
    .summary('prove configuration, credentials, permissions and index')
    .description(
      'Tries the configuration, the credentials and permissions of every source, and whether the index can be read and written: one line each. With --repair it does nothing but make the index anew out of what of it can be trusted; it then ends with 3 where documents are missing until the next sync.',
    )
    .option('--read-data', 'read all of the index, and verify that it is as it was written')
    .option(
      '--repair',
      'make the index anew without asking any source; one that can not be read whole is kept beside it',
    )
    .action(async (flags: { readData?: boolean; repair?: boolean }) => {
      const { runCheck } = await import('../check.ts')
      const asked = { readData: flags.readData === true, repair: flags.repair === true }
      done(await runCheck({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: ['unsilo check', 'unsilo check --read-data', 'unsilo check --repair'],
    exits: [3, 4, 5, 6, 10, 12],
  })
}
