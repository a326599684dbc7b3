import { describe, expect, test, vi } from 'vitest'
import { withoutSecrets, writtenForms } from '../../src/cli/io.ts'
import { DEFAULT_AS, principals } from '../../src/cli/option-values.ts'
import { duration, reportError, table } from '../../src/cli/output.ts'
import { barText, createProgress } from '../../src/cli/progress.ts'
import { asUnsiloError, UnsiloError } from '../../src/core/errors.ts'
import { plain, plainLine } from '../../src/core/plain.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

describe('text from a source', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;owned\u0007text', ']0;ownedtext'],
    ['a screen clear in C1', '\u009b2Jtext', '2Jtext'],
    ['a carriage return that would overwrite', 'safe\rEVIL', 'safe\nEVIL'],
    ['backspaces', 'abc\b\b\bxyz', 'abcxyz'],
    ['text turned round', 'file\u202egnp.exe', 'filegnp.exe'],
    ['an Arabic letter mark and other marks that show nothing', 'a\u061cb\u180ec\ufff9d\ufffbe', 'abcde'],
    ['invisible tags', 'a\u{e0041}b', 'ab'],
    ['ordinary text', 'Ünï – 日本 \t 👩‍\n', 'Ünï – 日本 \t 👩\n'],
  ])('does nothing to a terminal: %s', (_name, text, shown) => {
    expect(plain(text)).toBe(shown)
  })

  test('on one line is one line', () => {
    expect(plainLine(' a\n\u2028b\r\n c ')).toBe('a b c')
  })
})

test('a hidden value is not printed in any of its written forms', () => {
  const secret = 'ca"nary/tok en'
  const printed = [
    secret,
    JSON.stringify({ secret }),
    `?token=${encodeURIComponent(secret)}`,
    ...['', 'a@b.example:', 'ab@b.example:', 'abc@b.example:'].map((user) =>
      Buffer.from(user + secret).toString('base64'),
    ),
  ].map((text) => withoutSecrets(text, writtenForms(secret)))

  expect(printed.slice(0, 3)).toEqual(['***', '{"secret":"***"}', '?token=***'])
  for (const basic of printed.slice(3)) expect(basic).toMatch(/^[A-Za-z0-9+/]*\*\*\*[A-Za-z0-9+/=]{0,4}$/)
})

test.each([
  [[], DEFAULT_AS],
  [['public'], []],
  [
    ['group:a, user:b@c.example', 'group:d'],
    ['group:a', 'user:b@c.example', 'group:d'],
  ],
])('--as %j asks as %j', (given, expected) => {
  expect(principals(given)).toEqual(expected)
})

test.each(['staff', 'group:', 'Group:a', 'group:a,everyone'])('--as %s is refused', (given) => {
  expect(() => principals([given])).toThrow(/--as takes/)
})

describe('an error', () => {
  test('is a sentence and what to do, with no stack', () => {
    const io = capturedIo('/')
    reportError(io, new UnsiloError('LOCKED', 'busy\u001b[2J', { hint: 'wait' }), { json: false, verbose: true })
    expect([io.out(), io.err()]).toEqual(['', 'error: busy\n  wait\n'])
  })

  test('that is a fault of ours asks for a report, and shows its stack only when asked', () => {
    const [brief, long] = [capturedIo('/'), capturedIo('/')]
    const fault = asUnsiloError(new TypeError('x is not a function'))
    reportError(brief, fault, { json: true, verbose: false })
    reportError(long, fault, { json: false, verbose: true })

    expect(brief.err()).toMatch(/^error: x is not a function\n {2}This is a fault in unsilo\. Please report it/)
    expect(brief.err()).not.toMatch(/^\s+at /m)
    expect(jsonLines(brief.out())).toMatchObject([
      { type: 'error', code: 'UNEXPECTED', message: 'x is not a function' },
    ])
    expect(long.err()).toMatch(/^\s+at /m)
  })
})

describe('progress', () => {
  test('without a terminal is one line a source, and none with --quiet or --json', async () => {
    const said = await Promise.all(
      [{}, { quiet: true }, { json: true }].map(async (more) => {
        const io = capturedIo('/')
        const display = await createProgress(io, { json: false, quiet: false, verbose: false, ...more })
        display.update('wiki', { stage: 'listing', listed: 250 })
        display.wait({ host: 'x.example', ms: 5000, reason: '429' })
        display.finish('wiki', 'wiki: 250 listed')
        display.stop()
        return io.err()
      }),
    )
    expect(said).toEqual(['wiki: 250 listed\n', '', ''])
  })

  test('says at --verbose why it waits', async () => {
    const io = capturedIo('/')
    const display = await createProgress(io, { json: false, quiet: false, verbose: true })
    display.wait({ host: 'x.example', ms: 5000, reason: '429 Too Many Requests' })
    expect(io.err()).toBe('x.example: waiting 5 s (429 Too Many Requests)\n')
  })

  test('on a terminal is a bar that ends in the same line', async () => {
    const io = capturedIo('/', { stderrIsTerminal: true })
    const display = await createProgress(io, { json: false, quiet: false, verbose: false })
    display.update('wiki', { stage: 'loading', done: 50, total: 100 })
    await vi.waitFor(() => expect(io.err()).toContain('50/100'))
    display.finish('wiki', 'wiki: 100 listed')
    display.stop()

    expect(io.err().endsWith('wiki: 100 listed\n')).toBe(true)
    expect(io.out()).toBe('')
  })

  test.each([
    [80, 'wiki  ██████░░░░░░░░░░░░░░░░░░  3,000/12,000  20/s  8 min left'],
    [48, 'wiki  ██░░░░░░░░  3,000/12,000  20/s  8 min left'],
    [40, 'wiki  3,000/12,000  20/s  8 min left'],
    [20, 'wiki  3,000/12,000  '],
  ])('in %d columns shows count, rate and time left before it shows a bar', (columns, shown) => {
    const facts = { source: 'wiki', stage: 'loading', value: 3000, total: 12_000, perSecond: 20, answers: 0 }
    expect(barText(facts, columns)).toBe(shown)
  })

  test('counts answers while a source is listed, before there is a document', async () => {
    const io = capturedIo('/', { stderrIsTerminal: true })
    const display = await createProgress(io, { json: false, quiet: false, verbose: false })
    const fetch = display.counting('wiki', async () => new Response('{}'))
    await fetch('https://x.example')
    await fetch('https://x.example')
    await vi.waitFor(() => expect(io.err()).toMatch(/wiki {2}listing {2}2 answers {2}[\d,]+\/s/))
    display.stop()
    const length = io.err().length
    await fetch('https://x.example')

    expect(io.err()).toHaveLength(length)
  })
})

test('a table lines up, its numbers to the right', () => {
  const rows = [
    ['SOURCE', 'PAGES'],
    ['wiki', 12_345],
    ['help-center', 7],
  ]
  expect(table(rows)).toBe(['SOURCE        PAGES', 'wiki         12,345', 'help-center       7'].join('\n'))
})

test.each([
  [45, '45 s'],
  [600, '10 min'],
  [7200, '2 h'],
  [864_000, '10 days'],
])('%d seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words)
})
