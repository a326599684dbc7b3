/** What is wrong with a configuration file: collected, then said all at once. */
import { UnsiloError } from '../core/errors.ts'
import { hideTokens } from './tokens.ts'

export interface Problem {
  /** The key path, outermost first. */
  readonly path: readonly string[]
  /** What is wrong and what to write instead. Never holds the value. */
  readonly message: string
}

export function configError(
  file: string,
  problems: readonly Problem[],
  lines: ReadonlyMap<string, number>,
  secrets: readonly string[] = [],
): UnsiloError {
  const said = [...new Set(problems.map((problem) => sentence(file, problem, lines)))].map((text) =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), hideTokens(text)),
  )
  const message = said.length === 1 ? (said[0] ?? '') : `${file} has ${said.length} problems:\n${said.join('\n')}`
  return new UnsiloError('CONFIG_INVALID', message, {
    hint: 'Correct the file; nothing was read or changed. `unsilo check` tries it.',
  })
}

function sentence(file: string, { path, message }: Problem, lines: ReadonlyMap<string, number>): string {
  const line = nearestLine(path, lines)
  const place = line === null ? file : `${file}:${line}`
  return path.length === 0 ? `${place}: ${message}` : `${place}: ${path.join('.')}: ${message}`
}

/** A missing key has no line of its own: its parent's is shown. */
function nearestLine(path: readonly string[], lines: ReadonlyMap<string, number>): number | null {
  for (let length = path.length; length > 0; length--) {
    const line = lines.get(path.slice(0, length).join('.'))
    if (line !== undefined) return line
  }
  return null
}
