/** What every declaration of a command shares: the common options, options that several commands have, and the help. */
import { Argument, type Command, Option } from 'commander'
import { exitMeaning } from '../exits.ts'
import { milliseconds, wholeNumber } from '../option-values.ts'
import type { CommonOptions } from '../options.ts'

/** What a command's work ends with: the exit code. */
export type Done = (code: number) => void

/** Exit codes of commands that read the index, which may be on a server, that write it, and that sync sources into it. */
export const READS = [4, 5, 6, 12] as const
export const WRITES = [4, 5, 6, 10, 12] as const
export const SYNCS = [3, 4, 5, 6, 10, 11, 12] as const

interface Help {
  readonly examples: readonly string[]
  /** Exit codes beside 0, 1, 2 and 130. */
  readonly exits: readonly number[]
}

export function common(command: Command): CommonOptions {
  const all = command.optsWithGlobals<Partial<CommonOptions>>()
  const { config, index, json = false, quiet = false, verbose = false } = all
  return { config, index, json, quiet, verbose }
}

export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value]
}

export function asOption(): Option {
  return new Option('--as <principals>', 'who asks: group:NAME, user:NAME or public; repeated or separated by commas')
    .argParser(collect)
    .default([], 'group:staff')
}

export function sourcesArgument(): Argument {
  return new Argument('[source...]', 'names of sources; all when none is given')
}

export function sourceOption(): Option {
  return new Option('-s, --source <name>', 'only this source; may be repeated').argParser(collect).default([])
}

export function numberOption(flags: string, description: string, least: number): Option {
  const name = flags.match(/--[a-z-]+/)?.[0] ?? flags
  return new Option(flags, description).argParser(wholeNumber(name, least))
}

export function durationOption(flags: string, description: string): Option {
  const name = flags.match(/--[a-z-]+/)?.[0] ?? flags
  return new Option(flags, description).argParser(milliseconds(name))
}

export function lockTimeoutOption(): Option {
  return durationOption(
    '--lock-timeout <duration>',
    'wait so long for another run that writes, instead of ending with 10',
  )
}

// --- help -------------------------------------------------------------------------------------------------------

export function help(command: Command, { examples, exits }: Help): void {
  const codes = [0, 1, 2, ...exits, 130]
  const meanings = codes.map((code) => `  ${String(code).padStart(3)}  ${exitMeaning(code)}`)
  const lines = ['', 'Examples:', ...examples.map((example) => `  $ ${example}`), '', 'Exit codes:', ...meanings]
  command.addHelpText('after', lines.join('\n'))
}
