/**
 * Every command as a person types it: names, options, help, examples, exit codes. What a command does stands in its
 * own file and is loaded when it runs, so that help loads no connector and no native module.
 */
import { Argument, type Command, Option } from 'commander'
import type { Io } from './io.ts'
import { type CommonOptions, listed, principals, wholeNumber } from './options.ts'

/** What a command's work ends with: the exit code. */
export type Done = (code: number) => void

interface Help {
  readonly examples: readonly string[]
  /** Exit codes beside 0, 1, 2 and 130. */
  readonly exits: readonly number[]
}

export function addCommands(program: Command, io: Io, done: Done): void {
  addInit(program, io, done)
  addSync(program, io, done)
  addStatus(program, io, done)
  addSearch(program, io, done)
  addShow(program, io, done)
  addExport(program, io, done)
  addReview(program, io, done)
  addCheck(program, io, done)
  addRecord(program, io, done)
  addTest(program, io, done)
  addLogin(program, io, done)
  addLogout(program, io, done)
}

function addInit(program: Command, io: Io, done: Done): void {
  const command = program
    .command('init')
    .summary('write a configuration to start from')
    .description('Writes a commented unsilo.config.yaml (or the file named with --config).')
    .option('--force', 'replace a file that is there')
    .action(async (options: { force?: boolean }) => {
      const { runInit } = await import('./init.ts')
      done(await runInit({ ...common(command), force: options.force === true }, io))
    })
  help(command, { examples: ['unsilo init', 'unsilo init --config team/unsilo.config.yaml'], exits: [6] })
}

interface SyncFlags {
  full?: boolean
  dryRun?: boolean
  replay?: string
  allowDeletes?: number
  allowWider?: number
}

function addSync(program: Command, io: Io, done: Done): void {
  const command = program
    .command('sync')
    .summary('bring the index up to date with the sources')
    .description(
      'Brings the index up to date with the sources: new and changed documents, moves, permissions and deletions. A run that would remove unusually many documents, or open them to more readers, stops until that number is allowed.',
    )
    .argument('[source...]', 'names of sources; all when none is given')
    .option('--full', 'ask for everything, whatever was seen before')
    .option('--dry-run', 'say what would change; write nothing and load no text')
    .option('--replay <dir>', 'answer from a folder of recordings instead of the network; needs no credentials')
    .addOption(numberOption('--allow-deletes <number>', 'let this run remove up to so many documents of a source', 0))
    .addOption(numberOption('--allow-wider <number>', 'let this run open up to so many documents to more readers', 0))
    .action(async (sources: string[], flags: SyncFlags) => {
      const { runSync } = await import('./sync.ts')
      const asked = { full: flags.full === true, dryRun: flags.dryRun === true, replay: flags.replay }
      const allowed = { allowDeletes: flags.allowDeletes, allowWider: flags.allowWider }
      done(await runSync({ ...common(command), sources, ...asked, ...allowed }, io))
    })
  help(command, {
    examples: ['unsilo sync', 'unsilo sync wiki --dry-run', 'unsilo sync --json', 'unsilo sync --allow-deletes 120'],
    exits: [3, 4, 5, 6, 10, 11, 12],
  })
}

function addStatus(program: Command, io: Io, done: Done): void {
  const command = program
    .command('status')
    .summary('what the index holds and how the last runs went')
    .description(
      'For each source: documents, passages, the last run and how it ended, and what is worth knowing of it.',
    )
    .action(async () => {
      const { runStatus } = await import('./status.ts')
      done(await runStatus(common(command), io))
    })
  help(command, { examples: ['unsilo status', 'unsilo status --json'], exits: [6, 12] })
}

interface SearchFlags {
  limit: number
  source: string[]
  as: string[]
}

function addSearch(program: Command, io: Io, done: Done): void {
  const command = program
    .command('search')
    .summary('find the passages that answer a question')
    .description('Prints the passages of the index that answer best, with their links.')
    .argument('<query...>', 'words to look for')
    .addOption(numberOption('-n, --limit <number>', 'how many passages', 1).default(5))
    .addOption(sourceOption())
    .addOption(asOption())
    .action(async (words: string[], flags: SearchFlags) => {
      const asked = {
        text: words.join(' '),
        limit: flags.limit,
        sources: listed(flags.source),
        as: principals(flags.as),
      }
      const { runSearch } = await import('./search.ts')
      done(await runSearch({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: [
      'unsilo search how do I rotate an API key',
      'unsilo search refund --as group:customers --limit 3',
      'unsilo search \'"exit code 137"\' --source wiki --json',
    ],
    exits: [6, 12],
  })
}

function addShow(program: Command, io: Io, done: Done): void {
  const command = program
    .command('show')
    .summary('print a document as it is stored')
    .description('Prints the stored markdown of a document.')
    .argument('<id>', "the document's id, as search prints it")
    .option('--losses', 'print what the conversion could not keep instead')
    .addOption(asOption())
    .action(async (id: string, flags: { losses?: boolean; as: string[] }) => {
      const asked = { id, losses: flags.losses === true, as: principals(flags.as) }
      const { runShow } = await import('./show.ts')
      done(await runShow({ ...common(command), ...asked }, io))
    })
  help(command, { examples: ['unsilo show wiki:65612', 'unsilo show wiki:65612 --losses'], exits: [6, 12] })
}

function addExport(program: Command, io: Io, done: Done): void {
  const command = program
    .command('export')
    .summary('write the documents as markdown files')
    .description(
      'Writes one markdown file with front matter for each document, named by unsilo. The folder must be new, empty, or an earlier export; of an earlier one, files whose document is gone are removed and no other file is touched.',
    )
    .argument('<dir>', 'where to')
    .addOption(sourceOption())
    .addOption(asOption())
    .option('--force', 'export other readers or sources, or nothing at all, over an earlier export')
    .action(async (dir: string, flags: { source: string[]; as: string[]; force?: boolean }) => {
      const asked = { dir, sources: listed(flags.source), as: principals(flags.as), force: flags.force === true }
      const { runExport } = await import('./export.ts')
      done(await runExport({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: ['unsilo export docs', 'unsilo export public-docs --as public --source help'],
    exits: [6, 11, 12],
  })
}

interface ReviewFlags {
  source: string[]
  level: 'customers' | 'public'
  approve: string[]
  limit: number
  as: string[]
}

function addReview(program: Command, io: Io, done: Done): void {
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
      const { runReview } = await import('./review.ts')
      done(await runReview({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: [
      'unsilo review --source support',
      'unsilo review --approve support:215468@3f2a91c0',
      'unsilo review --level public --approve support:215468@3f2a91c0 --approve support:215470@9b1d04e7',
    ],
    exits: [6, 12],
  })
}

function addCheck(program: Command, io: Io, done: Done): void {
  const command = program
    .command('check')
    .summary('prove configuration, credentials, permissions and index')
    .description(
      'Tries the configuration, the credentials and permissions of every source, and the index: one line each.',
    )
    .action(async () => {
      const { runCheck } = await import('./check.ts')
      done(await runCheck(common(command), io))
    })
  help(command, { examples: ['unsilo check', 'unsilo check --json'], exits: [3, 4, 5, 6, 12] })
}

function addRecord(program: Command, io: Io, done: Done): void {
  const command = program
    .command('record')
    .summary("keep a source's answers, to test against")
    .description(
      "Asks a source for everything and keeps its answers in a folder, as the next step of that folder's story. Recordings hold no credentials, but they do hold the documents; of sources that are redacted, as tickets are, without the personal data that is recognised.",
    )
    .argument('<source>', 'name of the source')
    .argument('<dir>', 'where to')
    .action(async (source: string, dir: string) => {
      const { runRecord } = await import('./record.ts')
      done(await runRecord({ ...common(command), source, dir }, io))
    })
  help(command, { examples: ['unsilo record wiki fixtures/wiki'], exits: [3, 4, 5, 6] })
}

function addTest(program: Command, io: Io, done: Done): void {
  const command = program
    .command('test')
    .summary('replay recordings and compare what comes out')
    .description(
      'Replays recordings and compares changes, markdown and passages with expected files kept in git. Prints a unified diff and ends with 1 when they differ. Needs no credentials and no network.',
    )
    .argument('[dir]', 'a folder of recordings, or of such folders', 'fixtures')
    .option('--update', 'write what comes out as the new expectation')
    .action(async (dir: string, flags: { update?: boolean }) => {
      const { runTest } = await import('./test.ts')
      done(await runTest({ ...common(command), dir, update: flags.update === true }, io))
    })
  help(command, { examples: ['unsilo test', 'unsilo test fixtures/wiki --update'], exits: [6] })
}

const KEPT =
  'The login is kept in $XDG_CONFIG_HOME/unsilo/google-login.json (~/.config where that is not set), for its owner only.'

function addLogin(program: Command, io: Io, done: Done): void {
  const command = program
    .command('login')
    .summary('let unsilo read Google Docs as you')
    .description(
      `Prints the address at which you agree that unsilo reads your Google Drive, and keeps that consent for sources whose credentials are \${google:login}. ${KEPT}`,
    )
    .addArgument(serviceArgument())
    .option('--client <file>', 'the JSON of your OAuth client, of the type “Desktop app”; the next login knows it')
    .option('--open', 'open the address in a browser')
    .action(async (_service: string, flags: { client?: string; open?: boolean }) => {
      const { runLogin } = await import('./login.ts')
      done(await runLogin({ ...common(command), client: flags.client, open: flags.open === true }, io))
    })
  help(command, {
    examples: ['unsilo login google --client client_secret.json', 'unsilo login google --open'],
    exits: [4, 5, 6],
  })
}

function addLogout(program: Command, io: Io, done: Done): void {
  const command = program
    .command('logout')
    .summary('take that back')
    .description(`Asks the service to withdraw the access, and removes the login from this machine. ${KEPT}`)
    .addArgument(serviceArgument())
    .action(async () => {
      const { runLogout } = await import('./login.ts')
      done(await runLogout(common(command), io))
    })
  help(command, { examples: ['unsilo logout google'], exits: [6] })
}

// --- options that several commands share ------------------------------------------------------------------------

function common(command: Command): CommonOptions {
  const all = command.optsWithGlobals<Partial<CommonOptions>>()
  const { config, index, json = false, quiet = false, verbose = false } = all
  return { config, index, json, quiet, verbose }
}

function serviceArgument(): Argument {
  return new Argument('<service>', 'whose').choices(['google'])
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value]
}

function asOption(): Option {
  return new Option('--as <principals>', 'who asks: group:NAME, user:NAME or public; repeated or separated by commas')
    .argParser(collect)
    .default([], 'group:staff')
}

function sourceOption(): Option {
  return new Option('-s, --source <name>', 'only this source; may be repeated').argParser(collect).default([])
}

function numberOption(flags: string, description: string, least: number): Option {
  const name = flags.match(/--[a-z-]+/)?.[0] ?? flags
  return new Option(flags, description).argParser(wholeNumber(name, least))
}

// --- help -------------------------------------------------------------------------------------------------------

const EXITS: Readonly<Record<number, string>> = {
  0: 'all is well',
  1: 'an unexpected error, or the answer is no (not found, differs)',
  2: 'wrong usage or configuration',
  3: 'finished, but some documents or a source failed',
  4: 'credentials were rejected',
  5: 'temporary: try later',
  6: 'disk or file permission',
  10: 'another run holds the index',
  11: 'a guard stopped the run',
  12: 'the index needs repair',
  130: 'interrupted',
}

function help(command: Command, { examples, exits }: Help): void {
  const codes = [0, 1, 2, ...exits, 130]
  const meanings = codes.map((code) => `  ${String(code).padStart(3)}  ${EXITS[code] ?? ''}`)
  const lines = ['', 'Examples:', ...examples.map((example) => `  $ ${example}`), '', 'Exit codes:', ...meanings]
  command.addHelpText('after', lines.join('\n'))
}
