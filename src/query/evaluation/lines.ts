/** Files of an evaluation, line by line: what is wrong in one is said with its name, line and field. */
import { UnsiloError } from '../../core/errors.ts'

/** A line that says something, and where it stands. */
export interface Line {
  readonly file: string
  /** From 1. */
  readonly number: number
  readonly text: string
}

export function linesOf(text: string, file: string): readonly Line[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line, at) => ({ file, number: at + 1, text: line }))
    .filter((line) => line.text.trim() !== '')
}

export function wrongLine({ file, number }: Line, field: string, what: string): UnsiloError {
  return new UnsiloError('USAGE', `${file}:${number}: ${field} ${what}`, {
    hint: 'Nothing was measured. `unsilo eval --help` says what the files hold.',
  })
}

/** Tabs between columns where there are any, else any space: ids of tab separated files may hold spaces. */
export function columnsOf({ text }: Line): readonly string[] {
  return text.includes('\t') ? text.split('\t').map((column) => column.trim()) : text.trim().split(/\s+/)
}

export function numberIn(line: Line, field: string, text: string | undefined): number {
  const value = text === undefined || text === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return value
  throw wrongLine(line, field, `is no number: ${JSON.stringify(text ?? '')}`)
}

export function textIn(line: Line, field: string, text: string | undefined): string {
  if (text !== undefined && text !== '') return text
  throw wrongLine(line, field, 'is missing')
}
