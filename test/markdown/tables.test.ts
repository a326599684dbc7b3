import { marked } from 'marked'
import { expect, test } from 'vitest'
import { toMarkdown } from '../../src/markdown/from-html.ts'

const md = (html: string) => toMarkdown({ html }).markdown

test.each([
  [
    'a header row',
    '<table><caption>Cap</caption><thead><tr><th><p><strong>A</strong></p><th>B</thead><tr><td>1<td></table>',
    'Cap\n\n| A | B |\n| --- | --- |\n| 1 | |\n',
  ],
  ['no header row', '<table><tr><th>A<td>1<tr><th>B<td>2</table>', '| | |\n| --- | --- |\n| A | 1 |\n| B | 2 |\n'],
  [
    'merged cells',
    '<table><tr><th>A<th colspan=2>B<tr><td rowspan=2>x<td>1<td>2<tr><td>3<td>4</table>',
    '| A | B | B |\n| --- | --- | --- |\n| x | 1 | 2 |\n| x | 3 | 4 |\n',
  ],
  [
    'bars, blocks and lists',
    '<table><tr><td>a|b <code>c|d</code><td><p>e<p># f<ul><li>g<li>h</ul></table>',
    '| | |\n| --- | --- |\n| a\\|b `c\\|d` | e<br># f<br>- g<br>- h |\n',
  ],
  [
    'a code block',
    '<table><tr><th>Name<th>Code<tr><td>x<td><pre><code class="language-js">a\n\n|b</code></pre></table>',
    '- **Name**: x\n\n  **Code**:\n\n  ```js\n  a\n\n  |b\n  ```\n',
  ],
  [
    'a table in a cell',
    '<table><tr><th>A<th>B<tr><td>1<td>x<table><tr><th>C<th>D<tr><td>2<td>3</table></table>',
    '- **A**: 1\n\n  **B**: x\n\n  - **C**: 2\n\n    **D**: 3\n',
  ],
  ['a table for layout', '<table><tr><td><h2>A</h2><pre>b</pre></table>', '## A\n\n```\nb\n```\n'],
  ['cells without a row', '<table><tr><td>a</tr><td>b</table>', '| |\n| --- |\n| a |\n| b |\n'],
])('%s', (_name, html, markdown) => {
  expect(md(html)).toBe(markdown)
})

test('every cell of a large table is a cell again', () => {
  const html = `<table>${'<tr><th>a|b<td><b>1</b><br>2<td>'.repeat(3_000)}</table>`
  const [table] = marked.lexer(md(html))
  expect(table?.type === 'table' && [table.header.length, table.rows.length]).toEqual([3, 3_000])
  expect(table?.type === 'table' && new Set(table.rows.map((row: { text: string }[]) => row.length))).toEqual(
    new Set([3]),
  )
})

test.each([
  ['wide', '<td colspan=100000000>text'],
  ['high', '<td rowspan=100000000>text</td><td>x'],
  ['both', '<td colspan=1000 rowspan=1000>text'],
])('a span that asks for too much is cut and counted: %s', (_name, cell) => {
  const { markdown, losses } = toMarkdown({ html: `<table>${`<tr>${cell}`.repeat(400)}</table>` })
  expect(markdown.match(/text/g)?.length).toBeGreaterThanOrEqual(400)
  expect(markdown.length).toBeLessThan(2_000_000)
  if (cell.includes('colspan')) expect(losses['table:span']).toBeGreaterThan(0)
})
