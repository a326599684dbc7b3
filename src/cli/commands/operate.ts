/** The commands of whoever runs unsilo: runs, quarantine, explain. They show what was done, whoever may read the documents. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import {
  common,
  type Done,
  help,
  lockTimeoutOption,
  numberOption,
  READS,
  SYNCS,
  sourcesArgument,
  WRITES,
} from './declare.ts'

export function addRuns(program: Command, io: Io, done: Done): void {
  const command = program
    .command('runs')
    .summary('what the last runs did, and how they ended')
    .description(
      "Prints the runs that the index remembers, newest first: an operator's command, which shows no text of documents.",
    )
    .addArgument(sourcesArgument())
    .addOption(numberOption('-n, --limit <number>', 'how many runs', 1).default(20))
    .action(async (sources: string[], { limit }: { limit: number }) => {
      const { runRuns } = await import('../runs.ts')
      done(await runRuns({ ...common(command), sources, limit }, io))
    })
  const examples = ['unsilo runs', 'unsilo runs wiki -n 5', 'unsilo runs show 6f1c2a9e']
  help(command, { examples, exits: READS })
  addRunsShow(command, io, done)
}

function addRunsShow(runs: Command, io: Io, done: Done): void {
  const command = runs
    .command('show')
    .summary('all that is known of one run')
    .description(
      'Prints how a run read its source, how its listing was known to be complete, and what it asked and did.',
    )
    .argument('<id>', "the run's id, or as much of its beginning as no other run shares")
    .action(async (id: string) => {
      const { runRunsShow } = await import('../runs.ts')
      done(await runRunsShow({ ...common(command), id }, io))
    })
  help(command, { examples: ['unsilo runs show 6f1c2a9e', 'unsilo runs show 6f1c2a9e --json'], exits: READS })
}

const OPERATORS =
  "An operator's command: it shows titles and reasons whoever may read the documents, and no text of theirs."

export function addQuarantine(program: Command, io: Io, done: Done): void {
  const command = program
    .command('quarantine')
    .summary('the documents that failed: list, try again, leave alone')
    .description(
      `Documents that failed keep their last good version, and each run tries them again. ${OPERATORS} Takes ls, retry or ignore.`,
    )
  help(command, {
    examples: ['unsilo quarantine ls', 'unsilo quarantine retry wiki:65612', 'unsilo quarantine ignore wiki:65612'],
    exits: SYNCS,
  })
  addQuarantineLs(command, io, done)
  addQuarantineRetry(command, io, done)
  addQuarantineIgnore(command, io, done)
}

function addQuarantineLs(quarantine: Command, io: Io, done: Done): void {
  const command = quarantine
    .command('ls')
    .summary('which they are, and why')
    .description(`Prints the documents that failed, why, and how often they were tried. ${OPERATORS}`)
    .addArgument(sourcesArgument())
    .action(async (sources: string[]) => {
      const { runQuarantineLs } = await import('../quarantine.ts')
      done(await runQuarantineLs({ ...common(command), sources }, io))
    })
  help(command, { examples: ['unsilo quarantine ls', 'unsilo quarantine ls wiki --json'], exits: READS })
}

interface RetryFlags {
  all?: boolean
  lockTimeout?: number
}

function addQuarantineRetry(quarantine: Command, io: Io, done: Done): void {
  const command = quarantine
    .command('retry')
    .summary('try them again now')
    .description(
      'Runs the sync of the sources that these documents are of, which tries them again; those that were ignored are so no more.',
    )
    .argument('[id...]', 'ids, as `unsilo quarantine ls` prints them')
    .option('--all', 'all that are in quarantine')
    .addOption(lockTimeoutOption())
    .action(async (ids: string[], { all = false, lockTimeout }: RetryFlags) => {
      const { runQuarantineRetry } = await import('../quarantine.ts')
      done(await runQuarantineRetry({ ...common(command), ids, all, lockTimeoutMs: lockTimeout }, io))
    })
  help(command, {
    examples: ['unsilo quarantine retry wiki:65612', 'unsilo quarantine retry --all'],
    exits: SYNCS,
  })
}

function addQuarantineIgnore(quarantine: Command, io: Io, done: Done): void {
  const command = quarantine
    .command('ignore')
    .summary('leave them alone until they change')
    .description(
      'Leaves these documents alone: no run tries the version that failed again, and none counts it as failed. What was stored of them stays, for those who may still read it.',
    )
    .argument('<id...>', 'ids, as `unsilo quarantine ls` prints them')
    .addOption(lockTimeoutOption())
    .action(async (ids: string[], { lockTimeout }: RetryFlags) => {
      const { runQuarantineIgnore } = await import('../quarantine.ts')
      done(await runQuarantineIgnore({ ...common(command), ids, lockTimeoutMs: lockTimeout }, io))
    })
  help(command, { examples: ['unsilo quarantine ignore wiki:65612'], exits: WRITES })
}

export function addExplain(program: Command, io: Io, done: Done): void {
  const command = program
    .command('explain')
    .summary('what became of a document, and why')
    .description(
      `Says of a document whether it was listed, left out and by which rule, fetched, converted with which losses, and who finds it. ${OPERATORS}`,
    )
    .argument('<document>', 'its id, as search prints it, or its address')
    .action(async (document: string) => {
      const { runExplain } = await import('../explain.ts')
      done(await runExplain({ ...common(command), document }, io))
    })
  help(command, {
    examples: ['unsilo explain wiki:65612', 'unsilo explain https://example.atlassian.net/wiki/spaces/DOC/pages/65612'],
    exits: READS,
  })
}
