/** The commands that make an index, bring it up to date, and go back: index init, index rollback. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help, lockTimeoutOption, WRITES } from './declare.ts'

interface InitFlags {
  rebuild?: boolean
  lockTimeout?: number
}

export function addIndex(program: Command, io: Io, done: Done): void {
  const index = program.command('index').summary('make the index, bring it up to date, go back')
  addIndexInit(index, io, done)
  addIndexRollback(index, io, done)
}

function addIndexInit(index: Command, io: Io, done: Done): void {
  const command = index
    .command('init')
    .summary('make the index, or bring it up to date')
    .description(
      'Makes the index where there is none. One in OpenSearch that an older unsilo made is copied, by the cluster itself, into a new generation, which takes its place in one step, whoever reads; the one before is kept, and `unsilo index rollback` goes back to it. Of other kinds the next sync does this too. Asks no source. Meanwhile nobody else writes.',
    )
    .option(
      '--rebuild',
      'a new generation in any case: with other shards, or with vectors once the plugin is installed',
    )
    .addOption(lockTimeoutOption())
    .action(async ({ rebuild = false, lockTimeout }: InitFlags) => {
      const { runIndexInit } = await import('../generations.ts')
      done(await runIndexInit({ ...common(command), rebuild, lockTimeoutMs: lockTimeout }, io))
    })
  help(command, { examples: ['unsilo index init', 'unsilo index init --rebuild'], exits: WRITES })
}

function addIndexRollback(index: Command, io: Io, done: Done): void {
  const command = index
    .command('rollback')
    .summary('go back to the generation before')
    .description(
      'Reads and writes the generation again that `unsilo index init` replaced, as it was then, its cursors included: what was removed or restricted since is there as it was, until `unsilo sync` has run. Run again, it goes forward to the one that was gone back from. Only of an index in OpenSearch.',
    )
    .addOption(lockTimeoutOption())
    .action(async ({ lockTimeout }: InitFlags) => {
      const { runIndexRollback } = await import('../generations.ts')
      done(await runIndexRollback({ ...common(command), rebuild: false, lockTimeoutMs: lockTimeout }, io))
    })
  help(command, { examples: ['unsilo index rollback && unsilo sync'], exits: WRITES })
}
