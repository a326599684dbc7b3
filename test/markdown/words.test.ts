import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { markdownWords, toHtml, visibleWords } from './visible-text.ts'

/** Fixed, because what one in many thousand pages trips over is a quirk of the reading parser. Change it to look for more. */
const SEED = 1

const WORDS = [
  ...[
    'word',
    'Two',
    'é',
    '语言',
    'snake_case',
    '_id_',
    '__init__',
    '*',
    '**',
    '*x*',
    '#',
    '##',
    'C#',
    '1.',
    '12)',
    '-',
  ],
  ...['+', '=', '===', '---', '>', '<T>', '</b>', '<', '&', '&amp;', '&copy;', '|', 'a|b', '~', '~~x~~', '`', '``a`'],
  ...[
    '[x](y)',
    '[ ]',
    '[a]: b',
    '![i](j)',
    '!',
    ']',
    '[',
    '(',
    ')',
    '\\',
    '\\*',
    'C:\\x',
    '"',
    "'",
    '“q”',
    ':',
    '.',
    '!!',
  ],
  ...['https://x.y/_a_?b=1&c=(2)', '1', '2.5', '日本。', '~/.x', ':-', '|-', '<!--', '\u{1F600}', '^', '$x$', ':::'],
]

const text = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(' ', '  ', '\n', ' ')), { minLength: 1, maxLength: 6 })
  .map((parts) => escapeHtml(parts.join('')))

const { inline } = fc.letrec<{ inline: string; content: string }>((tie) => ({
  content: fc.array(tie('inline'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  inline: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'inline' },
    text,
    fc
      .tuple(fc.constantFrom('b', 'i', 's', 'code', 'span', 'u', 'strong', 'em', 'sup'), tie('content'))
      .map(([name, inner]) => `<${name}>${inner}</${name}>`),
    tie('content').map((inner) => `<a href="https://example.com/a_(b)?c=1&amp;d=2">${inner}</a>`),
    fc.constant('<img src="https://example.com/i.png">'),
    fc.constant('<br>'),
  ),
}))

const content = fc.array(inline, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))

const { blocks } = fc.letrec<{ blocks: string; block: string }>((tie) => ({
  blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  block: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'block' },
    content.map((inner) => `<p>${inner}</p>`),
    content.map((inner) => `<div>${inner}</div>`),
    content.map((inner) => `<h2>${inner}</h2>`),
    fc.constant('<hr>'),
    text.map((inner) => `<pre><code>${inner}</code></pre>`),
    tie('blocks').map((inner) => `<blockquote>${inner}</blockquote>`),
    fc.array(tie('blocks'), { minLength: 1, maxLength: 3 }).map((items) => `<ul>${wrap('li', items)}</ul>`),
    fc.array(tie('blocks'), { minLength: 1, maxLength: 3 }).map((items) => `<ol start="7">${wrap('li', items)}</ol>`),
    fc.array(fc.array(content, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 3 }).map(
      (rows) =>
        `<table>${wrap(
          'tr',
          rows.map((cells) => wrap('td', cells)),
        )}</table>`,
    ),
  ),
}))

function wrap(name: string, parts: readonly string[]): string {
  return parts.map((part) => `<${name}>${part}</${name}>`).join('')
}

function escapeHtml(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

test('whatever is written, a reader of the markdown sees the same characters in the same order', () => {
  fc.assert(
    fc.property(blocks, (html) => {
      const { markdown } = toMarkdown({ html })
      expect(letters(markdownWords(markdown)), markdown).toBe(letters(visibleWords(html)))
    }),
    { numRuns: 600, seed: SEED },
  )
})

test('canonical markdown has its own form: no double blank line, no space at a line’s end, one line break at the end', () => {
  fc.assert(
    fc.property(blocks, (html) => {
      const { markdown } = toMarkdown({ html })
      const prose = withoutFences(markdown)
      expect(prose).not.toMatch(/\n\n\n|[^\S\n]\n|\r|^\n/)
      expect(markdown === '' || /[^\n]\n$/.test(markdown)).toBe(true)
    }),
    { numRuns: 200, seed: SEED },
  )
})

/** Without white space: markup inside a word and a line break in a cell are the same characters to a reader. */
function letters(words: readonly string[]): string {
  return words.join('')
}

test('markdown that was shown and read back settles at once', () => {
  fc.assert(
    fc.property(content, (inner) => {
      const again = readBack(toMarkdown({ html: `<p>${inner}</p>` }).markdown)
      expect(readBack(again)).toBe(again)
    }),
    { numRuns: 300, seed: SEED },
  )
})

function readBack(markdown: string): string {
  return toMarkdown({ html: toHtml(markdown) }).markdown
}

function withoutFences(markdown: string): string {
  const lines: string[] = []
  let fence = ''
  for (const line of markdown.split('\n')) {
    const mark = /^(?:[ >]|- |\d+[.)] )*(`{3,})[^`]*$/.exec(line)?.[1] ?? ''
    if (fence === '') lines.push(line)
    if (fence === '') fence = mark
    else if (mark === fence) fence = ''
  }
  return lines.join('\n')
}
