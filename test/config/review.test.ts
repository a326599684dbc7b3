import { describe, expect, test } from 'vitest'
import { approvalsOf, formatReview, type ReviewEntry, readReview } from '../../src/config/review.ts'
import { asUnsiloError } from '../../src/core/errors.ts'

const HASH = 'a'.repeat(32)
const entry: ReviewEntry = { id: 'support:1', level: 'customers', hash: HASH, title: 'How: "a" # b' }

async function read(text: string): Promise<readonly ReviewEntry[]> {
  return await readReview('/etc/review.yaml', async () => text)
}

test('what is written is read again, in the order of ids, notes kept', async () => {
  const odd = { ...entry, id: 'support:0', level: 'public' as const, hash: '1'.repeat(32), note: 'as Ana said' }

  const text = formatReview([entry, odd])

  expect(await read(text)).toEqual([odd, entry])
  expect(text).toContain(`- id: support:0\n    title: 'How: "a" # b'\n    level: public\n`)
  expect(approvalsOf([entry]).get('support:1')).toEqual({ level: 'customers', hash: HASH })
})

test('no file, and one without entries, approve nothing', async () => {
  const missing = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOENT' }))

  expect(await readReview('/etc/review.yaml', missing)).toEqual([])
  expect(await read('')).toEqual([])
  expect(await read(formatReview([]))).toEqual([])
})

describe('what is refused', () => {
  const line = (changes: string): string =>
    `tickets:\n  - id: support:1\n    title: T\n    level: customers\n    ${changes}`

  test.each([
    [
      'another level',
      `tickets:\n  - id: support:1\n    title: T\n    level: staff\n    hash: ${HASH}`,
      /review\.yaml:4: tickets\.0\.level: expected one of customers, public/,
    ],
    [
      'an id without its source',
      `tickets:\n  - id: "1"\n    title: T\n    level: public\n    hash: ${HASH}`,
      /:2: tickets\.0\.id: expected the id/,
    ],
    ['a hash that is none', line('hash: abc'), /:5: tickets\.0\.hash: expected the 32/],
    ['no hash', line(''), /tickets\.0\.hash: is missing/],
    [
      'an unknown key',
      line(`hash: ${HASH}\n    levle: public`),
      /:6: tickets\.0\.levle: unknown key; did you mean level/,
    ],
    ['two entries for one ticket', formatReview([entry, entry]), /tickets\.1\.id: has an entry already/],
    ['another shape', '- support:1', /expected a mapping/],
    ['no YAML', 'tickets: [', /is not valid YAML/],
  ])('%s', async (_, text, message) => {
    const error = await read(text).then(() => expect.unreachable('it was accepted'), asUnsiloError)

    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message).toMatch(message)
  })

  test('a file that is there and cannot be read', async () => {
    const locked = () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }))

    await expect(readReview('/etc/review.yaml', locked)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
