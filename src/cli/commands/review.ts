/** The command by which a person lets more people read a ticket: review. */
import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import { listed, principals } from '../option-values.ts'
import { asOption, collect, common, type Done, help, numberOption, READS, sourceOption } from './declare.ts'

interface ReviewFlags {
  source: string[]
  level: 'customers' | 'public'
  approve: string[]
  limit: number
  as: string[]
}

export function addReview(program: Command, io: Io, done: Done): void {
  const command = program
    .command('review')
    .summary('let more people read a ticket, by its very text')
    .description(
      'Prints the questions of resolved tickets that only staff may read, the most frequent first, as they are stored: without personal data. With --approve, writes tickets into the review file (review.yaml beside the configuration), which belongs into git. The next sync lets the level read them, for as long as the ticket says just what was approved.',
    )
    .addOption(sourceOption())
    .addOption(
      new Option('--level <level>', 'who is to read them').choices(['customers', 'public']).default('customers'),
    )
    .addOption(
      new Option('--approve <id>', 'a ticket that the level may read, as this command prints it; may be repeated')
        .argParser(collect)
        .default([]),
    )
    .addOption(numberOption('-n, --limit <number>', 'how many questions', 1).default(10))
    .addOption(asOption())
    .action(async (flags: ReviewFlags) => {
      const { level, limit } = flags
      const asked = {
        level,
        limit,
        sources: listed(flags.source),
        approve: listed(flags.approve),
        as: principals(flags.as),
      }
      const { runReview } = await import('../review.ts')
      done(await runReview({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: [
      'unsilo review --source support',
      'unsilo review --approve support:215468@3f2a91c0',
      'unsilo review --level public --approve support:215468@3f2a91c0 --approve support:215470@9b1d04e7',
    ],
    exits: READS,
  })
}
