/** `unsilo token`: a token for a program that asks `unsilo serve`, and what the configuration says of it. */
import { hashOf, newToken } from '../serve/identity/tokens.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { json, note, say } from './output.ts'

/** The token alone goes to stdout, so that it can be piped to where it is kept. */
export function runToken(options: CommonOptions, io: Io): number {
  const token = newToken()
  const hash = hashOf(token)
  if (options.json) {
    json(io, { type: 'token', token, hash })
    return 0
  }
  say(io, token)
  const lines = [
    'It is shown this once. Put its hash into the configuration, and say what it reads as:',
    'serve:',
    '  tokens:',
    '    - name: back office',
    `      hash: ${hash}`,
    '      as: [group:staff]',
  ]
  for (const line of lines) note(io, line)
  return 0
}
