import { expect, test } from 'vitest'
import { readCredentials } from '../../src/vendors/google/credentials.ts'
import { openTokens } from '../../src/vendors/google/tokens.ts'
import { startGoogleEmulator } from '../emulators/google.ts'

async function opened() {
  const emulator = await startGoogleEmulator()
  const clock = { now: Date.parse('2026-03-01T12:00:00Z') }
  const tokens = openTokens(readCredentials(emulator.serviceAccountKey), { fetch, now: () => clock.now })
  const together = () => Promise.all(Array.from({ length: 8 }, () => tokens.get()))
  return { emulator, clock, tokens, together, asked: () => emulator.identity.state.tokens }
}

test('whoever needs a token at the same time shares one request, at first, at its end and after its refusal', async () => {
  const { emulator, clock, tokens, together, asked } = await opened()
  const [first = ''] = await together()
  expect([new Set(await together()).size, asked()]).toEqual([1, 1])

  clock.now += 3_600_000
  await together()
  expect(asked()).toBe(2)

  emulator.identity.expire()
  for (let at = 0; at < 8; at += 1) expect(tokens.renew(first)).toBe(true)
  expect([...new Set(await together())]).toEqual([emulator.identity.accessToken()])
  expect(asked()).toBe(3)

  tokens.renew(first)
  await together()
  expect(asked()).toBe(3)
  await emulator.close()
})

test('a request that failed is made again for the next who needs a token', async () => {
  const { emulator, together, tokens, asked } = await opened()
  emulator.fail({ kind: 'status', status: 500, match: /token/ })
  await expect(together()).rejects.toMatchObject({ code: 'ANSWER_INVALID' })
  expect(await tokens.get()).toBe(emulator.identity.accessToken())
  expect(asked()).toBe(1)
  await emulator.close()
})
