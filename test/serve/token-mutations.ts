/** Tokens that somebody might try instead of a good one: it with something changed, and never it itself. */
import fc from 'fast-check'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function mutants(token: string): fc.Arbitrary<string> {
  const place = fc.nat(token.length - 1)
  const letter = fc.constantFrom(...LETTERS, '.', '=', '+', '/', ' ', '\u0000', 'é')
  const parts = token.split('.')
  const [header = '', payload = '', signature = ''] = parts
  return fc
    .oneof(
      fc.tuple(place, letter).map(([at, other]) => token.slice(0, at) + other + token.slice(at + 1)),
      fc.tuple(place, letter).map(([at, more]) => token.slice(0, at) + more + token.slice(at)),
      fc.tuple(place, fc.integer({ min: 1, max: 8 })).map(([at, n]) => token.slice(0, at) + token.slice(at + n)),
      fc.tuple(place, place).map(([one, other]) => swapped(token, one, other)),
      fc.shuffledSubarray(parts, { minLength: 1 }).map((some) => some.join('.')),
      rewritten(header).map((other) => [other, payload, signature].join('.')),
      rewritten(payload).map((other) => [header, other, signature].join('.')),
      fc.uint8Array({ minLength: 0, maxLength: 64 }).map((bytes) => [header, payload, base64(bytes)].join('.')),
      fc.constantFrom('none', 'None', 'HS512', 'RS256', '').map((alg) => [json({ alg }), payload, ''].join('.')),
    )
    .filter((mutant) => mutant !== token)
}

/** A part that says something else, as whoever has no secret would write it. */
function rewritten(part: string): fc.Arbitrary<string> {
  const said = JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  const key = fc.constantFrom('alg', 'kid', 'jku', 'jwk', 'x5u', 'crit', 'b64', 'user_id', 'sub', 'exp', 'aud', 'role')
  return fc.tuple(key, fc.jsonValue({ maxDepth: 1 })).map(([name, value]) => json({ ...said, [name]: value }))
}

function swapped(text: string, one: number, other: number): string {
  const letters = [...text]
  ;[letters[one], letters[other]] = [letters[other] ?? '', letters[one] ?? '']
  return letters.join('')
}

function json(value: unknown): string {
  return base64(Buffer.from(JSON.stringify(value)))
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
