import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identityOf } from '../../src/serve/identity/identify.ts'
import { type JwtRules, userOf } from '../../src/serve/identity/jwt.ts'
import { principalsOf } from '../../src/serve/identity/principals.ts'
import { hashOf, newToken, serviceOf } from '../../src/serve/identity/tokens.ts'
import { NOW, rules, SECRET, userToken } from './stage.ts'
import { mutants } from './token-mutations.ts'

const jwt: JwtRules = { secrets: [SECRET], maxHours: 24 }
const seconds = NOW / 1000

/** Signed by hand, so that a header and a payload may say anything. */
function signed(header: unknown, payload: unknown, secret = SECRET, hash = 'sha256'): string {
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
}

const header = { alg: 'HS256', typ: 'JWT' }
const good = { user_id: 'ada', exp: seconds + 3600 }

test('good tokens are taken', async () => {
  for (const token of [
    signed(header, good),
    signed({ alg: 'HS256' }, { sub: 'ada', exp: seconds + 24 * 3600 }),
    signed({ ...header, kid: '../../etc/passwd', jku: 'https://evil.example' }, good),
    signed(header, { ...good, sub: 'other', iat: seconds, aud: 'anything' }),
    signed(header, { ...good, exp: seconds - 59 }),
    signed(header, { ...good, nbf: seconds + 59 }),
  ]) {
    expect(await userOf(token, jwt, NOW)).toMatchObject({ id: 'ada' })
  }
})

test.each([
  ['alg none', `${signed({ alg: 'none' }, good).split('.').slice(0, 2).join('.')}.`],
  ['alg none, signed', signed({ alg: 'none' }, good)],
  ['HS512', signed({ alg: 'HS512' }, good, SECRET, 'sha512')],
  ['HS384', signed({ alg: 'HS384' }, good, SECRET, 'sha384')],
  ['HS256 in other letters', signed({ alg: 'hs256' }, good)],
  ['no alg', signed({ typ: 'JWT' }, good)],
  ['RS256', signed({ alg: 'RS256' }, good)],
  ['another secret', signed(header, good, `${SECRET}.`)],
  ['a key of its own', signed({ ...header, jwk: { kty: 'oct', k: 'eA' } }, good, 'x')],
  ['an unknown critical header', signed({ ...header, crit: ['exp'] }, good)],
  ['an unencoded payload', signed({ ...header, b64: false, crit: ['b64'] }, good)],
  ['no exp', signed(header, { user_id: 'ada' })],
  ['exp as text', signed(header, { ...good, exp: String(good.exp) })],
  ['exp null', signed(header, { ...good, exp: null })],
  ['ended', signed(header, { ...good, exp: seconds - 61 })],
  ['too long', signed(header, { ...good, exp: seconds + 24 * 3600 + 61 })],
  ['the year 9999', signed(header, { ...good, exp: 253_402_300_799 })],
  ['not yet', signed(header, { ...good, nbf: seconds + 61 })],
  ['made in the future', signed(header, { ...good, iat: seconds + 61 })],
  ['iat as text', signed(header, { ...good, iat: 'now' })],
  ['nobody', signed(header, { exp: good.exp })],
  ['an empty name', signed(header, { ...good, user_id: '' })],
  ['a number for a name', signed(header, { ...good, user_id: 7 })],
  ['a number for a name, and sub', signed(header, { ...good, user_id: 7, sub: 'ada' })],
  ['a list for a name', signed(header, { ...good, user_id: ['ada'] })],
  ['a name with space around it', signed(header, { ...good, user_id: ' ada' })],
  ['a name of 256 bytes', signed(header, { ...good, user_id: 'é'.repeat(128) })],
  ['a list for a payload', signed(header, [good])],
  ['text for a payload', signed(header, 'ada')],
  ['null for a payload', signed(header, null)],
  ['five parts', `${signed(header, good)}.x.y`],
  ['two parts', signed(header, good).split('.').slice(0, 2).join('.')],
  ['nothing', ''],
  ['dots', '..'],
  ['padding', `${signed(header, good)}=`],
  ['a line feed', `${signed(header, good)}\n`],
])('%s is refused', async (_, token) => {
  expect(await userOf(token, jwt, NOW)).toBe(null)
})

test('what aud has to name is named', async () => {
  const strict = { ...jwt, audience: 'unsilo' }

  expect(await userOf(signed(header, { ...good, aud: ['x', 'unsilo'] }), strict, NOW)).not.toBe(null)
  for (const aud of [undefined, 'other', ['other'], { unsilo: true }]) {
    expect(await userOf(signed(header, { ...good, aud }), strict, NOW)).toBe(null)
  }
})

test('while a secret is changed for another, both are good, and then one', async () => {
  const next = 'the secret that comes after, as long as it'
  const [old, fresh] = [await userToken(), await userToken({}, next)]
  const taken = async (secrets: readonly string[]) =>
    (await Promise.all([old, fresh].map((token) => userOf(token, { ...jwt, secrets }, NOW)))).map(
      (user) => user !== null,
    )

  expect(await taken([SECRET])).toEqual([true, false])
  expect(await taken([SECRET, next])).toEqual([true, true])
  expect(await taken([next])).toEqual([false, true])
})

test('no token that was changed is taken', async () => {
  const token = await userToken({ role: 'agent', aud: 'unsilo' })

  await fc.assert(
    fc.asyncProperty(mutants(token), async (mutant) => {
      expect(await userOf(mutant, jwt, NOW)).toBe(null)
      expect(await identityOf(`Bearer ${mutant}`, rules(), NOW)).toBe(null)
    }),
    { numRuns: 2000 },
  )
})

test('claims give what the configuration says, and nothing else', () => {
  const claims = { plan: { pro: ['group:pro'], toString: ['group:odd'] }, staff: { true: ['group:staff'] } } as const
  const of = (said: Record<string, unknown>) => principalsOf({ id: 'ada', claims: said }, { as: [], claims })

  expect(of({ plan: 'pro', staff: true })).toEqual(['user:ada', 'group:pro', 'group:staff'])
  expect(of({ plan: ['free', 'pro'] })).toEqual(['user:ada', 'group:pro'])
  expect(of({ plan: 'constructor', staff: false, groups: ['group:staff'] })).toEqual(['user:ada'])
  expect(of({ plan: { pro: true }, staff: null })).toEqual(['user:ada'])
})

test('a service token is 256 random bits, known by its hash', () => {
  const token = newToken()
  const known = [{ name: 'fin', hash: hashOf(token), as: ['group:customers'] as const }]

  expect(token).toMatch(/^unsilo_[\w-]{43}$/)
  expect(newToken()).not.toBe(token)
  expect(serviceOf(token, known)).toBe(known[0])
  expect(serviceOf(hashOf(token), known)).toBe(null)
  expect(serviceOf(newToken(), known)).toBe(null)
})
