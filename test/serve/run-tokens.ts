/**
 * `npm run tokens [-- --quick] [-- --seed N]`: users' tokens with something changed, of which none may be taken. Exits 1
 * when one was, or when the token that they are made of is not taken itself.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { identityOf } from '../../src/serve/identity/identify.ts'
import { mutants } from './token-mutations.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, seed: { type: 'string' } } })
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
const count = values.quick === true ? 20_000 : 100_000

/** The same is drawn more than once. */
const DRAWS = 5

const secret = 'a secret of a messenger, long enough to be one'
const now = Date.UTC(2026, 0, 2)
const rules = { jwt: { secrets: [secret], maxHours: 24, as: [], claims: {} }, tokens: [] }
const token = await new SignJWT({ user_id: 'ada', role: 'agent', exp: now / 1000 + 3600 })
  .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
  .sign(new TextEncoder().encode(secret))

const tried = new Set<string>()
const taken: string[] = []
const property = fc.asyncProperty(mutants(token), async (mutant) => {
  if (tried.size === count || tried.has(mutant)) return
  tried.add(mutant)
  if ((await identityOf(`Bearer ${mutant}`, rules, now)) !== null) taken.push(mutant)
})
await fc.assert(property, { seed, numRuns: count * DRAWS })
const isTakenItself = (await identityOf(`Bearer ${token}`, rules, now)) !== null

for (const mutant of taken.slice(0, 10)) console.log(`taken: ${JSON.stringify(mutant)}`)
if (!isTakenItself) console.log('The token that they are made of is refused.')
console.log(
  `${tried.size.toLocaleString('en')} different changed tokens: ${taken.length} taken (target 0); seed ${seed}`,
)
process.exitCode = taken.length === 0 && isTakenItself && tried.size === count ? 0 : 1
