/** The commands of the HTTP API: serve, token, feedback. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help, numberOption, READS } from './declare.ts'

export function addServe(program: Command, io: Io, done: Done): void {
  const command = program
    .command('serve')
    .summary('answer over HTTP: search, passages for an AI, documents')
    .description(
      'Answers over HTTP until it is told to stop, each asker with what they may read: a token says who asks, and without ' +
        'one what is public is found. /openapi.json describes it all. A sync may run meanwhile.',
    )
    .option('--host <address>', 'the address to listen at (default: serve.host, or 127.0.0.1)')
    .addOption(numberOption('-p, --port <number>', 'the port; 0 is any that is free (default: serve.port, or 8787)', 0))
    .action(async ({ host, port }: { host?: string; port?: number }) => {
      const { runServe } = await import('../serve.ts')
      done(await runServe({ ...common(command), host, port }, io))
    })
  help(command, { examples: ['unsilo serve', 'unsilo serve --port 9000'], exits: READS })
}

export function addToken(program: Command, io: Io, done: Done): void {
  const command = program
    .command('token')
    .summary('make a token by which a program asks `serve`')
    .description(
      'Prints a new token, to be given to a program that asks `unsilo serve`, and the lines of the configuration that let ' +
        'it read. The token is kept nowhere: only its hash stands in the configuration.',
    )
    .action(async () => {
      const { runToken } = await import('../token.ts')
      done(runToken(common(command), io))
    })
  help(command, { examples: ['unsilo token', 'unsilo token --json'], exits: [] })
}

export function addFeedback(program: Command, io: Io, done: Done): void {
  const command = program
    .command('feedback')
    .summary('what readers of `serve` said of documents')
    .description(
      'Prints whether documents helped their readers, those that helped least often first, and the questions after which ' +
        "what was read did not help. An operator's command: it shows titles and questions whoever may read the documents.",
    )
    .addOption(numberOption('-n, --limit <number>', 'how many documents, and how many questions', 1).default(20))
    .action(async ({ limit }: { limit: number }) => {
      const { runFeedback } = await import('../feedback.ts')
      done(await runFeedback({ ...common(command), limit }, io))
    })
  help(command, { examples: ['unsilo feedback', 'unsilo feedback --json'], exits: READS })
}
