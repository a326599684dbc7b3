/** The commands that keep recordings of sources and test with them: record, test. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help } from './declare.ts'

export function addRecord(program: Command, io: Io, done: Done): void {
  const command = program
    .command('record')
    .summary("keep a source's answers, to test against")
    .description(
      "Asks a source for everything and keeps its answers in a folder, as the next step of that folder's story. Recordings hold no credentials, but they do hold the documents; of sources that are redacted, as tickets are, without the personal data that is recognised.",
    )
    .argument('<source>', 'name of the source')
    .argument('<dir>', 'where to')
    .action(async (source: string, dir: string) => {
      const { runRecord } = await import('../record.ts')
      done(await runRecord({ ...common(command), source, dir }, io))
    })
  help(command, { examples: ['unsilo record wiki fixtures/wiki'], exits: [3, 4, 5, 6] })
}

export function addTest(program: Command, io: Io, done: Done): void {
  const command = program
    .command('test')
    .summary('replay recordings and compare what comes out')
    .description(
      'Replays recordings and compares changes, markdown and passages with expected files kept in git. Prints a unified diff and ends with 1 when they differ. Needs no credentials and no network.',
    )
    .argument('[dir]', 'a folder of recordings, or of such folders', 'fixtures')
    .option('--update', 'write what comes out as the new expectation')
    .action(async (dir: string, flags: { update?: boolean }) => {
      const { runTest } = await import('../test.ts')
      done(await runTest({ ...common(command), dir, update: flags.update === true }, io))
    })
  help(command, { examples: ['unsilo test', 'unsilo test fixtures/wiki --update'], exits: [6] })
}
