import { expect, test } from 'vitest'
import { LONGEST_TEXT } from '../../src/core/limits.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'

/** Sizes at which a step that is quadratic, or recurses over nesting, doesn't end within a test's time. */
test.each([
  ['nested blocks', '<div>', 200_000, 'x'],
  ['nested lists', '<ul><li>', 50_000, 'x'],
  ['nested quotes', '<blockquote>', 50_000, 'x'],
  ['nested marks', '<b><i>', 50_000, 'x'],
  ['nested tables', '<table><tr><td>', 30_000, 'x'],
  ['stray end tags', '</div></b></td></p>', 100_000, 'x'],
  ['end tags in an open table', '<table><tr><td></div></li>', 50_000, 'x'],
  ['stray angles', 'a < b &lt; & ', 100_000, 'x'],
  ['bold words', '<b>w</b> ', 20_000, 'x'],
  ['links', '<a href="https://e.com">w</a> ', 30_000, 'x'],
  ['list items', '<li>w', 20_000, 'x'],
  ['table rows', '<table><tr><td>a<td>b</table>', 5_000, 'x'],
  ['cells', '<td>w', 30_000, 'x'],
  ['line breaks', 'w<br>', 50_000, 'x'],
  ['punctuation', '*_[`~', 100_000, 'x'],
  ['hashes', '<h1># ', 50_000, 'x'],
  ['brackets in an address', 'https://e.com/((', 50_000, '))x'],
  ['hard spaces', '&nbsp; ', 200_000, 'x'],
  ['zero-width characters', '\u200B', 500_000, 'x'],
  ['style comments', '<p style="/*">', 20_000, 'x'],
])('%s', (_name, part, count, end) => {
  const { markdown } = toMarkdown({ html: part.repeat(count) + end })
  expect(markdown).toMatch(/x/)
  expect(markdown.length).toBeLessThan(10 * part.length * count)
})

test('a long blank stretch in code stays as it is', () => {
  const code = `a${'  \n'.repeat(200_000)}b`
  expect(toMarkdown({ html: `<pre>${code}</pre>` }).markdown).toBe(`\`\`\`\n${code}\n\`\`\`\n`)
})

test('text below 100,000 open elements is kept, what is hidden there is not', () => {
  const deep = '<i>'.repeat(100_010)
  const { markdown, losses } = toMarkdown({ html: `${deep}a<script>b</script><p hidden>c</p>d` })
  expect(markdown).toBe('_a_\n\n_d_\n')
  expect(losses['depth']).toBe(1)
})

test('a long column name is not repeated without end', () => {
  const rows = '<tr><td><pre>a\nb</pre>'.repeat(2_000)
  const { markdown, losses } = toMarkdown({ html: `<table><tr><th>${'name '.repeat(20_000)}${rows}</table>` })
  expect(markdown.length).toBeLessThan(1_000_000)
  expect(markdown.match(/```\n *a/g)).toHaveLength(2_000)
  expect(losses['table:header']).toBeGreaterThan(0)
})

test.each(['html', 'markdown'] as const)('a larger %s than is read ends in a note', (form) => {
  const text = 'word '.repeat(LONGEST_TEXT / 5 + 1)
  const { markdown, losses } = toMarkdown(form === 'html' ? { html: text } : { markdown: text })
  expect(markdown.slice(-200)).toMatch(/ word\n\n> \[cut: the source page is larger than 4,000,000 characters\]\n$/)
  expect(losses).toEqual({ cut: 1 })
})
