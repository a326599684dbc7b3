import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunk } from '../../src/chunk/chunk.ts'
import { countTokens } from '../../src/chunk/tokens.ts'
import type { Chunk } from '../../src/core/document.ts'

const LIMIT = 512

/** A block as markdown lines, and which of them belong together. */
interface Piece {
  readonly lines: readonly string[]
  /** `[from, to)` of lines that must stay in one chunk if they fit. */
  readonly whole: readonly (readonly [number, number])[]
  readonly level?: number
}

const words = fc
  .array(fc.constantFrom('alpha', 'bêta', 'gamma-ray', 'ERR_42', '知识库', '`code`', '**bold**', 'v2.1', '#5', 'a|b'), {
    minLength: 1,
    maxLength: 40,
  })
  .map((list) => list.join(' '))
const sentences = fc.array(words, { minLength: 1, maxLength: 30 }).map((list) => `Text ${list.join('. ')}.`)

const heading = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ max: 999, min: 0 }))
  .map(([level, number]): Piece => ({ lines: [`${'#'.repeat(level)} Title ${number}`], whole: [], level }))
const paragraph = sentences.map((text): Piece => ({ lines: [text], whole: [] }))
const fence = fc
  .array(fc.oneof(words, fc.constantFrom('# comment', '', '- x')), { maxLength: 60 })
  .map((code): Piece => ({ lines: ['```js', ...code, '```'], whole: [[0, code.length + 2]] }))
const list = fc
  .array(fc.tuple(words, fc.array(words, { maxLength: 3 })), { minLength: 1, maxLength: 20 })
  .map((items): Piece => {
    const lines: string[] = []
    const whole: [number, number][] = []
    for (const [text, nested] of items) {
      whole.push([lines.length, lines.length + 1 + nested.length])
      lines.push(`- ${text}`, ...nested.map((inner) => `  - ${inner}`))
    }
    return { lines, whole }
  })
const table = fc.array(words, { minLength: 1, maxLength: 40 }).map(
  (rows): Piece => ({
    lines: ['| Head | Other |', '| --- | --- |', ...rows.map((row) => `| ${row.replaceAll('|', '\\|')} | x |`)],
    whole: rows.map((_, row): [number, number] => [row + 2, row + 3]),
  }),
)
const quote = fc
  .array(words, { minLength: 1, maxLength: 10 })
  .map((rows): Piece => ({ lines: rows.map((row) => `> ${row}`), whole: [] }))
const pages = fc.array(fc.oneof(heading, heading, paragraph, fence, list, table, quote), { maxLength: 14 })

test('any page: nothing lost, nothing over the limit, nothing cut that fits, no heading hidden', () => {
  fc.assert(
    fc.property(pages, (pieces) => {
      const page = laidOut(pieces)
      const chunks = chunk('doc', page.markdown)

      expectWhole(page.markdown, chunks)
      for (const range of page.whole) expectUncut(page.markdown, chunks, range)
      for (const range of page.under) expectHeadings(chunks, range)
      expect(chunk('doc', page.markdown)).toEqual(chunks)
    }),
    { numRuns: 150 },
  )
})

test('any text: nothing lost, nothing over the limit', () => {
  const marks = fc.constantFrom(
    '# ',
    '\n',
    '\n\n',
    '```',
    '~~~',
    '| ',
    '|---|\n',
    '- ',
    '  ',
    '> ',
    '1. ',
    '\t',
    '\\',
    '<|endoftext|>',
  )
  const text = fc.array(fc.oneof(marks, fc.string({ unit: 'binary', maxLength: 20 }), words), { maxLength: 80 })
  fc.assert(
    fc.property(text, (parts) => {
      const markdown = parts.join('')
      expectWhole(markdown, chunk('doc', markdown))
    }),
    { numRuns: 120 },
  )
})

test.each([
  ['one line', 'lorem ipsum '],
  ['one letter', 'a'],
  ['unspaced Chinese', '知识库搜索可以帮助团队'],
  ['one table', '| cell | other |\n| --- | --- |\n'],
  ['headings', '# a\n'],
  ['deep headings', '# a\n## b\n### c\n'],
  ['quote marks', '> '],
  ['list marks', '- '],
  ['fences', '```js\ncode\n```\n'],
  ['unclosed fences', '```js\ncode\n'],
  ['backticks', '`'],
  ['pipes', '|'],
  ['hashes', '# '],
  ['emoji', '🙂'],
  ['halves of pairs', '\ud800'],
  ['combining marks', 'a\u0301'],
  ['carriage returns', 'line\r\n'],
  ['special tokens', '<|endoftext|>'],
])('30,000 characters of %s are cut within the limit', (_, unit) => {
  const markdown = unit.repeat(30_000 / unit.length)

  expectWhole(markdown, chunk('doc', markdown))
})

test('lists nested 150 deep are cut within the limit', () => {
  const markdown = Array.from({ length: 150 }, (_, depth) => `${'  '.repeat(depth)}- item`).join('\n')

  expectWhole(markdown, chunk('doc', markdown))
})

interface Page {
  readonly markdown: string
  readonly whole: readonly Range[]
  /** Content, and the headings it stands under. */
  readonly under: readonly (Range & { readonly headings: readonly (Range & { readonly title: string })[] })[]
}

interface Range {
  readonly start: number
  readonly end: number
}

function laidOut(pieces: readonly Piece[]): Page {
  let markdown = ''
  const whole: Range[] = []
  const under: Page['under'][number][] = []
  let open: (Range & { title: string; level: number })[] = []
  for (const { lines, whole: groups, level } of pieces) {
    const at = lines.map((_, line) => markdown.length + lines.slice(0, line).join('\n').length + (line > 0 ? 1 : 0))
    const range = { start: markdown.length, end: markdown.length + lines.join('\n').length }
    for (const [from, to] of groups) {
      whole.push({ start: at[from] ?? 0, end: (at[to - 1] ?? 0) + (lines[to - 1]?.length ?? 0) })
    }
    if (level === undefined) under.push({ ...range, headings: open })
    else
      open = [...open.filter((one) => one.level < level), { ...range, level, title: lines[0]?.slice(level + 1) ?? '' }]
    markdown += `${lines.join('\n')}\n\n`
  }
  return { markdown, whole, under }
}

function expectWhole(markdown: string, chunks: readonly Chunk[]): void {
  let at = 0
  for (const [index, { start, end, text, tokens, ordinal, headings }] of chunks.entries()) {
    expect(ordinal).toBe(index)
    expect(start).toBeGreaterThanOrEqual(at)
    if (markdown.trim() !== '') expect(end).toBeGreaterThan(start)
    expect(markdown.slice(at, start).trim()).toBe('')
    expect(text).toContain(markdown.slice(start, end))
    if (!/^[> ]*(?:[`~|]|.*\n[|:\- ]+\n)/.test(text) && !/[`~]$/.test(text))
      expect(text).toBe(markdown.slice(start, end))
    expect(tokens).toBeLessThanOrEqual(LIMIT)
    expect(tokens).toBe(countTokens([...(headings.length > 0 ? [headings.join(' > ')] : []), text].join('\n\n')))
    at = end
  }
  expect(markdown.slice(at).trim()).toBe('')
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length)
}

function expectUncut(markdown: string, chunks: readonly Chunk[], { start, end }: Range): void {
  const holding = chunks.filter((one) => one.start < end && one.end > start)
  const path = holding[0]?.headings.join(' > ') ?? ''
  const frame = '| Head | Other |\n| --- | --- |\n'
  if (countTokens(`${path}\n\n${frame}${markdown.slice(start, end)}`) > LIMIT - 12) return
  expect(holding).toHaveLength(1)
}

function expectHeadings(chunks: readonly Chunk[], { start, end, headings }: Page['under'][number]): void {
  for (const one of chunks.filter((one) => one.start < end && one.end > start)) {
    const hidden = headings.filter(({ title, start }) => !one.headings.includes(title) && start < one.start)
    expect(hidden).toEqual([])
  }
}
