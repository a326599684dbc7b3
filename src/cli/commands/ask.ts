/** `unsilo ask`. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { listed, principals } from '../option-values.ts'
import { asOption, common, type Done, help, READS, sourceOption } from './declare.ts'

export function addAsk(program: Command, io: Io, done: Done): void {
  const command = program
    .command('ask')
    .summary('answer a question in the words of the documents')
    .description(
      'Prints the sentences that answer best, each word for word as it is stored, with its link; or that there is no answer. No model writes anything.',
    )
    .argument('<question...>', 'what to answer')
    .addOption(sourceOption())
    .addOption(asOption())
    .action(async (words: string[], flags: { source: string[]; as: string[] }) => {
      const asked = { text: words.join(' '), sources: listed(flags.source), as: principals(flags.as) }
      const { runAsk } = await import('../ask.ts')
      done(await runAsk({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: [
      'unsilo ask how long are invoices kept',
      'unsilo ask "who may rotate a key?" --as group:customers --json',
    ],
    exits: READS,
  })
}
