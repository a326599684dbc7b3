/** How a plan would change the texts, for people and for programs. */
import { asUnsiloError, type UnsiloError } from '../core/errors.ts'
import { plain, plainLine } from '../core/plain.ts'
import type { DocumentDiff } from '../sync/diff.ts'
import type { Io } from './io.ts'
import { json, say, styled } from './output.ts'

/** Says them as they are loaded. Returns what ended that before its end, if so. */
export async function showDiffs(
  source: string,
  diffs: AsyncIterable<DocumentDiff>,
  asJson: boolean,
  io: Io,
): Promise<UnsiloError | null> {
  try {
    for await (const diff of diffs) {
      if (asJson) json(io, { type: 'diff', source, ...diff })
      else if (diff.failure !== undefined) say(io, failureText(diff, io))
      else if (diff.diff !== '') say(io, diffText(diff, io))
    }
    return null
  } catch (thrown) {
    return asUnsiloError(thrown)
  }
}

function failureText({ id, title, failure }: DocumentDiff, io: Io): string {
  const name = styled(io, 'bold', `${plainLine(id)}  ${plainLine(title)}`)
  return `${name}\n${styled(io, 'red', `  would go into quarantine: ${plainLine(failure?.reason ?? '')}`)}\n`
}

/** A patch, under a line that says the title too. */
function diffText({ id, title, diff }: DocumentDiff, io: Io): string {
  const patch = plain(diff)
    .replace(/^(?:Index: .*\n)?=+\n/, '')
    .trimEnd()
  const lines = patch.split('\n').map((line) => painted(line, io))
  return [styled(io, 'bold', `${plainLine(id)}  ${plainLine(title)}`), ...lines, ''].join('\n')
}

function painted(line: string, io: Io): string {
  if (line.startsWith('@@')) return styled(io, 'cyan', line)
  if (line.startsWith('+')) return styled(io, 'green', line)
  return line.startsWith('-') ? styled(io, 'red', line) : line
}
