import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Json } from '../../src/core/json.ts'
import { formatFile, parseFile } from '../../src/markdown/file.ts'

const STRINGS = [
  ...[
    '2024-01-02',
    '0123',
    '1.10',
    'yes',
    '~',
    'null',
    'a: b',
    '- a',
    '---',
    '\n---\n',
    '---js',
    '# x',
    "it's",
    '"',
    '\\',
  ],
  ...['multi\nline\n\n', '\ttab', ' edge ', '', '12:30:45', '0x1F', '.inf', '<<', '*a', '&a', '!!js', '%', '{a}', '[a'],
  ...['日本語', '\u2028', '\u0085', '\u0000', '\uFEFF', '\u{1F600}', 'x'.repeat(300), '__proto__', 'constructor'],
]
const string = fc.oneof(fc.constantFrom(...STRINGS), fc.string({ unit: 'grapheme' }))
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    string,
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e21, 1e-7, 20_240_102),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(string, tie('json'), { maxKeys: 3 }),
  ),
}))
const data = fc.dictionary(string, json, { maxKeys: 4 })
const markdown = fc.oneof(
  fc.constantFrom('', '\n', '---\n', '---\na: b\n---\n', '\r\n# a\r\n', '\r', '---js\nx\n---\n', '\uFEFFx', 'no end'),
  fc
    .array(fc.constantFrom('---', '\n', '\r\n', 'text', '# h', ' ', '```'), { maxLength: 8 })
    .map((parts) => parts.join('')),
)

test('data and markdown read back as they were written, byte for byte', () => {
  fc.assert(
    fc.property(data, markdown, (values, text) => {
      const read = parseFile(formatFile(values, text), 'a.md')
      expect(read.markdown).toBe(text)
      expect(JSON.stringify(read.data)).toBe(JSON.stringify(values))
    }),
    { numRuns: 500 },
  )
})

test('a `__proto__` key is a key like others', () => {
  const values = JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": 1}}')

  const read = parseFile(formatFile(values, ''), 'a.md')

  expect(JSON.stringify(read.data)).toBe(JSON.stringify(values))
  expect(Object.getPrototypeOf(read.data)).toBe(Object.prototype)
  expect('polluted' in {}).toBe(false)
})

test('a file for people: one quoted value a line', () => {
  expect(formatFile({ title: 'A: b', labels: ['x', '1.10'], version: 3 }, '# A\n')).toBe(
    '---\ntitle: "A: b"\nlabels:\n  - "x"\n  - "1.10"\nversion: 3\n---\n# A\n',
  )
})

test.each([
  ['no front matter', '# A\n', '# A\n'],
  ['a rule at the top', '---\n\n# A\n', '---\n\n# A\n'],
  ['an opener in code', '---js\nprocess.exit()\n---\n', '---js\nprocess.exit()\n---\n'],
  ['a longer line', '----\na: b\n----\n', '----\na: b\n----\n'],
])('%s is all markdown', (_name, text, expected) => {
  expect(parseFile(text, 'a.md')).toEqual({ data: {}, markdown: expected })
})

test('dates, versions and times that others wrote are not turned into something else', () => {
  const { data: read } = parseFile('---\ndate: 2024-01-02\ntime: 12:30:45\nflag: yes\n---\n', 'a.md')
  expect(read).toEqual({ date: '2024-01-02', time: '12:30:45', flag: 'yes' })
})

test.each([
  ['broken YAML', '---\na: [\n---\n', /docs\/a\.md: its front matter is not YAML/],
  ['a list', '---\n- a\n---\n', /not a list of keys and values/],
  ['an alias bomb', '---\na: &a [1]\nb: [*a, *a]\n---\n', /not YAML/],
  ['a key twice', '---\na: 1\na: 2\n---\n', /not YAML/],
  ['a tag', '---\na: !!js/function "function(){}"\n---\n', /not YAML/],
  ['no number', '---\na: .nan\n---\n', /keys and values/],
  ['a line that looks like an end', '---\na: 1\n---b: 2\n---\n', /begins with `---`/],
  ['blank lines without end', `---\na: 1${'\n'.repeat(2_000)}\n---\n`, /blank lines/],
])('%s is refused by name, each time it is read', (_name, text, message) => {
  for (let i = 0; i < 2; i += 1) expect(() => parseFile(text, 'docs/a.md')).toThrow(message)
  expect(() => parseFile(text, 'docs/a.md')).toThrow(UnsiloError)
})
