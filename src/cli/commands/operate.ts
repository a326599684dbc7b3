/** The commands of whoever runs unsilo: runs. They show what was done, whoever may read the documents. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help, numberOption } from './declare.ts'

export function addRuns(program: Command, io: Io, done: Done): void {
  const command = program
    .command('runs')
    .summary('what the last runs did, and how they ended')
    .description(
      "Prints the runs that the index remembers, newest first: an operator's command, which shows no text of documents.",
    )
    .argument('[source...]', 'names of sources; all when none is given')
    .addOption(numberOption('-n, --limit <number>', 'how many runs', 1).default(20))
    .action(async (sources: string[], { limit }: { limit: number }) => {
      const { runRuns } = await import('../runs.ts')
      done(await runRuns({ ...common(command), sources, limit }, io))
    })
  const examples = ['unsilo runs', 'unsilo runs wiki -n 5', 'unsilo runs show 6f1c2a9e']
  help(command, { examples, exits: [6, 12] })
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
  help(command, { examples: ['unsilo runs show 6f1c2a9e', 'unsilo runs show 6f1c2a9e --json'], exits: [6, 12] })
}
