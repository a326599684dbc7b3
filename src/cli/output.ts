/** How things are said: data to stdout, everything else to stderr, and nothing that a terminal would obey. */

import { styleText } from 'node:util'
import type { UnsiloError } from '../core/errors.ts'
import { plain } from '../core/plain.ts'
import type { Io } from './io.ts'
import type { JsonLine } from './json-lines.ts'
import type { LogLine } from './json-lines-of-runs.ts'

type Style = Parameters<typeof styleText>[0]

/** One object, one line. */
export function json(io: Io, line: JsonLine): void {
  io.stdout(`${JSON.stringify(line)}\n`)
}

export function say(io: Io, text: string): void {
  io.stdout(`${text}\n`)
}

/** What a program that reads the log is told of an aside beside its words. */
export interface About {
  /** `info` unless told. */
  readonly level?: LogLine['level']
  readonly source?: string
  readonly [field: string]: unknown
}

/** An aside for the person watching, or a line of the log: on stderr. */
export function note(io: Io, text: string, about: About = {}): void {
  io.stderr(`${io.jsonLog ? JSON.stringify(logLine(io, text, about)) : text}\n`)
}

function logLine(io: Io, text: string, { level = 'info', ...fields }: About): LogLine {
  return { time: new Date(io.now()).toISOString(), level, message: text.trim(), ...fields }
}

/** The text in a style where colour is wanted, else as it is. */
export function styled(io: Io, style: Style, text: string): string {
  return io.color ? styleText(style, text, { validateStream: false }) : text
}

/**
 * Columns as wide as their widest cell. Cells are plain text; numbers are set to the right.
 *
 * @param paint colours a cell, whose width then no longer counts
 */
export function table(
  rows: readonly (readonly (string | number)[])[],
  paint: (cell: string, row: number, column: number) => string = (cell) => cell,
): string {
  const shown = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? count(cell) : cell)))
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)))
  const isNumber = (column: number): boolean => typeof rows.at(-1)?.[column] === 'number'
  return shown
    .map((row, at) =>
      row.map((cell, column) => paint(pad(cell, widths[column] ?? 0, isNumber(column)), at, column)).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n')
}

/** 12345 as 12,345. */
export function count(number: number): string {
  return number.toLocaleString('en-US')
}

/** 1,234,567 bytes as 1.2 MB. */
export function bytes(number: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, number)) / 3))
  const value = number / 1000 ** power
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** `1 page`, `2 pages`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** Seconds in the largest unit that fits: 45 s, 12 min, 3 h, 5 days. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

/**
 * The error for a person on stderr and, with `--json`, for a program as the last line of stdout. The stack is shown
 * only at `--verbose`, and only for errors that are ours to mend.
 */
export function reportError(
  io: Io,
  error: UnsiloError,
  options: { readonly json: boolean; readonly verbose: boolean },
  source?: string,
): void {
  const hint = error.hint ?? (error.code === 'UNEXPECTED' ? REPORT : undefined)
  const said = { code: error.code, ...(hint === undefined ? {} : { hint }) }
  const trace = options.verbose && error.code === 'UNEXPECTED' ? plain(stack(error)) : null
  if (io.jsonLog) {
    const about = { ...(source === undefined ? {} : { source }), ...said, ...(trace === null ? {} : { stack: trace }) }
    note(io, error.message, { level: 'error', ...about })
  } else {
    const isNamed = source === undefined || error.message.startsWith(`${source}: `)
    note(io, `${styled(io, 'red', 'error:')} ${isNamed ? '' : `${source}: `}${plain(error.message)}`)
    if (hint !== undefined) note(io, `  ${plain(hint)}`)
    if (trace !== null) note(io, trace)
  }
  if (options.json) json(io, { type: 'error', message: error.message, ...said })
}

const REPORT = 'This is a fault in unsilo. Please report it with the output of the same command and --verbose.'

function stack(error: UnsiloError): string {
  const { cause } = error
  return (cause instanceof Error ? cause.stack : undefined) ?? error.stack ?? ''
}

function pad(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width)
}
