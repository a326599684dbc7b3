/** `unsilo mcp`, which an AI's client starts. */
import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import { principalsOrPublic } from '../option-values.ts'
import { collect, common, type Done, help, READS } from './declare.ts'

const TOOLS = `Tools:
  search           documents that answer a question: id, title, url
  fetch            one of them, whole
  search_passages  passages that answer a question, as many as fit into a number of tokens
  list_sources     where documents come from
All of them only read. A client is told to start: unsilo mcp --index /path/to/index.db`

export function addMcp(program: Command, io: Io, done: Done): void {
  const command = program
    .command('mcp')
    .summary('answer an AI over the Model Context Protocol')
    .description(
      'Speaks the Model Context Protocol on stdin and stdout until stdin ends, in both of its eras. Whoever starts the process asks as --as says.',
    )
    .addOption(
      new Option('--as <principals>', 'who asks: group:NAME, user:NAME or public; repeated or separated by commas')
        .argParser(collect)
        .default([], 'public'),
    )
    .action(async (flags: { as: string[] }) => {
      const { runMcp } = await import('../mcp.ts')
      done(await runMcp({ ...common(command), as: principalsOrPublic(flags.as) }, io))
    })
  command.addHelpText('after', `\n${TOOLS}`)
  help(command, { examples: ['unsilo mcp', 'unsilo mcp --as group:customers'], exits: READS })
}
