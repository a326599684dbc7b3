/** The program: reads the command line, runs one command, turns what is thrown into words and an exit code. */
import { Command, CommanderError, Option } from 'commander'
import { diskError } from '../core/disk.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { addCommands } from './commands.ts'
import { keepHeapSmall } from './heap.ts'
import { type Io, processIo } from './io.ts'
import { reportError } from './output.ts'
import { version } from './version.ts'

/**
 * Runs in this process: its arguments, its streams, its exit code.
 * @public called by bin/unsilo.js
 */
export async function main(): Promise<void> {
  keepHeapSmall()
  const argv = process.argv.slice(2)
  try {
    process.exitCode = await run(argv, processIo())
  } catch (thrown) {
    const { message, exit } = processError(thrown)
    process.stderr.write(`error: ${message}\n`)
    process.exitCode = exit
  }
}

/** What goes wrong before anything can be said in the usual way: the folder that the shell stands in was removed. */
function processError(thrown: unknown): UnsiloError {
  const isGone = thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'uv_cwd'
  return isGone ? new UnsiloError('DISK', 'The working folder is gone. Change to another one.') : asUnsiloError(thrown)
}

/** Arguments without node and script in, exit code out. Never throws. */
export async function run(argv: readonly string[], outer: Io): Promise<number> {
  const { color, jsonLog } = appearance(argv)
  const io = { ...outer, color: outer.color && color, jsonLog }
  let code = 0
  const program = createProgram(io, (ended) => {
    code = ended
  })
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    const error = io.signal.aborted ? interruption(thrown) : known(thrown)
    reportError(io, error, asked(argv))
    return error.exit
  }
}

function createProgram(io: Io, done: (code: number) => void): Command {
  const program = new Command('unsilo')
    .description('Brings knowledge out of its silos: pulls it into clean markdown and one searchable index.')
    .option('-c, --config <file>', 'the configuration (default: unsilo.config.yaml)')
    .option('--index <location>', 'the index, instead of the one that the configuration names')
    .option('--json', 'print data as JSON, one object a line')
    .option('-q, --quiet', 'say nothing but data and errors')
    .option('-v, --verbose', 'say more: waits, and the stack of an unexpected error')
    .addOption(
      new Option('--log-format <format>', 'what stderr is: text, or one JSON object a line').choices(['text', 'json']),
    )
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text),
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(io.columns, 100),
      getErrHelpWidth: () => Math.min(io.columns, 100),
      getOutHasColors: () => io.color,
    })
    .exitOverride()
  program.addHelpText(
    'after',
    ['', 'Examples:', '  $ unsilo init', '  $ unsilo sync', '  $ unsilo search how to reset a password'].join('\n'),
  )
  addCommands(program, io, done)
  return program
}

function known(thrown: unknown): UnsiloError {
  if (!(thrown instanceof CommanderError)) return diskError(thrown)
  if (thrown.code === 'commander.help')
    return new UnsiloError('USAGE', 'No command was given, or none of that name is known.')
  const [message = '', ...more] = thrown.message.replace(/^error: /, '').split('\n')
  const suggestion = more
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1')
  return new UnsiloError('USAGE', message, {
    hint: suggestion === '' ? 'unsilo --help lists what there is.' : suggestion,
  })
}

function interruption(thrown: unknown): UnsiloError {
  if (thrown instanceof UnsiloError && thrown.code === 'INTERRUPTED') return thrown
  return new UnsiloError('INTERRUPTED', 'Interrupted.', { hint: 'What was finished is kept.', cause: thrown })
}

/** How to report an error, also when the command line itself is what is wrong. */
function asked(argv: readonly string[]): { readonly json: boolean; readonly verbose: boolean } {
  const options = optionsOf(argv)
  return { json: options.includes('--json'), verbose: options.includes('-v') || options.includes('--verbose') }
}

function appearance(argv: readonly string[]): { readonly color: boolean; readonly jsonLog: boolean } {
  const options = optionsOf(argv)
  const asksForJson = (option: string, at: number): boolean =>
    option === '--log-format=json' || (option === '--log-format' && options[at + 1] === 'json')
  return { color: !options.includes('--no-color'), jsonLog: options.some(asksForJson) }
}

function optionsOf(argv: readonly string[]): readonly string[] {
  return argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
}
