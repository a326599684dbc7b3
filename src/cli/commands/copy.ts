/** The command that brings an index to another place: copy. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help, lockTimeoutOption, numberOption } from './declare.ts'

interface CopyFlags {
  plan?: boolean
  exitCode?: boolean
  force?: boolean
  allowDeletes?: number
  vectors: boolean
  notes: boolean
  lock: boolean
  lockTimeout?: number
}

export function addCopy(program: Command, io: Io, done: Done): void {
  const command = program
    .command('copy')
    .summary('an index to another place: a file, a database')
    .description(
      'Makes the index TO hold what the index FROM holds, and asks no source: documents with who may read them, passages, vectors, cursors, runs and what failed, so that the next sync there goes on from where FROM is, and what was published, so that publishing goes on there. What readers said stands in a file of its own, and stays. Each is a path or an address, as for --index. What is there already is not written again: a copy that was stopped anywhere is run again, and goes on. At the end both are read and compared. A file, and an index in Postgres, takes its place in one step, whoever reads the one that was there; another is opened by nobody until it is whole. Meanwhile nobody else writes to either.',
    )
    .argument('<from>', 'the index that is copied')
    .argument('<to>', 'where to: nothing yet, an empty index, or what an earlier copy left unfinished')
    .option('--plan', 'what would be done; nothing is changed')
    .option('--exit-code', 'with --plan: ends with 20 where something would change')
    .option('--force', 'over an index that holds something else')
    .addOption(numberOption('--allow-deletes <number>', 'so many documents that are there may be gone then', 0))
    .option('--no-vectors', 'without vectors: the next sync with an embedder makes them')
    .option('--no-notes', 'without what is remembered of what was published')
    .option('--no-lock', 'FROM may only be read; ends with 10 where somebody writes to it meanwhile')
    .addOption(lockTimeoutOption())
    .action(async (from: string, to: string, flags: CopyFlags) => {
      const { plan = false, exitCode = false, force = false, allowDeletes, vectors, notes, lock, lockTimeout } = flags
      const asked = { from, to, plan, exitCode, force, allowDeletes, vectors, notes, lock, lockTimeoutMs: lockTimeout }
      const { runCopy } = await import('../copy.ts')
      done(await runCopy({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: [
      'unsilo copy .unsilo/index.db postgres://unsilo@db.example.com/knowledge',
      'unsilo copy postgres://unsilo@db.example.com/knowledge /srv/help/index.db --force',
    ],
    exits: [4, 5, 6, 10, 11, 12, 20],
  })
}
