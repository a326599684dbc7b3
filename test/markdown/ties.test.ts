/** What a page says that it takes from others, and offers them. */
import { expect, test } from 'vitest'
import { toMarkdown } from '../../src/markdown/from-html.ts'

const include = (target: string, part?: string) =>
  `<unsilo-include target="${target}"${part === undefined ? '' : ` part="${part}"`}><a href="https://e.com/${target}">${target}</a></unsilo-include>`
const excerpt = (name: string, html: string) => `<unsilo-excerpt name="${name}">${html}</unsilo-excerpt>`

/** The ranges of the markdown, by what they are. */
function tiesOf(html: string): Record<string, string> {
  const { markdown, references, excerpts } = toMarkdown({ html })
  return Object.fromEntries([
    ...references.map(({ target, part, start, end }) => [`${target}#${part}`, markdown.slice(start, end)]),
    ...excerpts.map(({ name, start, end }) => [name, markdown.slice(start, end)]),
  ])
}

const link = (target: string) => `[${target}](https://e.com/${target})`

test.each([
  ['a whole page', `<p>a</p>${include('7')}<p>b</p>`, { '7#null': link('7') }],
  ['an excerpt', include('7', 'Fees &amp; &quot;rates&quot;'), { '7#Fees & "rates"': link('7') }],
  ['the first excerpt', include('7', ''), { '7#': link('7') }],
  ['inside boxes', `<div><section>a${include('7')}b</section></div>`, { '7#null': link('7') }],
  ['within a paragraph, which it ends', `<p>a ${include('7')} b</p>`, { '7#null': link('7') }],
  [
    'under a list and over a table',
    `<ul><li>a</ul>${include('7')}<table><tr><td>b<td>c</table>`,
    { '7#null': link('7') },
  ],
  ['an excerpt’s blocks', `<p>a</p>${excerpt('x', '<h2>b</h2><ul><li>c</ul>')}<p>d`, { x: '## b\n\n- c' }],
  [
    'what stands in an excerpt',
    excerpt('x', `<p>a</p>${include('7')}`),
    { x: `a\n\n${link('7')}`, '7#null': link('7') },
  ],
  ['excerpts without rules at their edges', `a${excerpt('x', '<hr>b<hr>')}c`, { x: 'b' }],
  ['excerpts behind a first rule', `<hr>a${excerpt('x', 'b')}c`, { x: 'b' }],
])('%s', (_, html, ties) => {
  expect(tiesOf(html)).toEqual(ties)
})

test.each([
  ['in a quote', `<blockquote>${include('7')}${excerpt('x', 'b')}</blockquote>`],
  ['in a list', `<ul><li>${include('7')}${excerpt('x', 'b')}</ul>`],
  ['in a loose item', `<li>${include('7')}${excerpt('x', 'b')}`],
  ['in a cell', `<table><tr><td>a<td>${include('7')}${excerpt('x', 'b')}</table>`],
  ['in a table that is only one cell', `<table><tr><td>${include('7')}${excerpt('x', 'b')}</table>`],
  ['in a heading', `<h2>${include('7')}${excerpt('x', 'b')}</h2>`],
  ['in code', `<pre>${include('7')}${excerpt('x', 'b')}</pre>`],
  ['hidden', `<div hidden>${include('7')}${excerpt('x', 'b')}</div>a`],
  ['without a target or text', `<unsilo-include><a href="https://e.com/7">7</a></unsilo-include>${excerpt('x', ' ')}`],
])('%s they are no more than what they contain', (_, html) => {
  const plain = html.replaceAll(/(<\/?)unsilo-\w+[^>]*/g, '$1div')

  expect(tiesOf(html)).toEqual({})
  expect(toMarkdown({ html }).markdown).toBe(toMarkdown({ html: plain }).markdown)
})

test('an excerpt whose list runs on outside of it is none', () => {
  const list = '<ul><li>a</ul>'

  expect(tiesOf(`${list}${excerpt('x', `${list}<p>b</p>`)}`)).toEqual({})
  expect(tiesOf(`${excerpt('x', `<p>b</p>${list}`)}${list}`)).toEqual({})
  expect(tiesOf(`${excerpt('x', list)}${excerpt('y', 'b')}`)).toEqual({ x: '- a', y: 'b' })
})

test('the markdown is that of the same page with boxes in their place', () => {
  const html = `<hr>a${excerpt('x', `<p>b</p>${include('7')}<ul><li>c</ul>`)}<ul><li>d</ul>${include('8', 'y')}<ol><li>e</ol>`
  const plain = html.replaceAll(/(<\/?)unsilo-\w+[^>]*/g, '$1div')

  expect(toMarkdown({ html }).markdown).toBe(toMarkdown({ html: plain }).markdown)
})

test('a page that is made of them costs no more than its length, and is cut where it is too much', () => {
  const { references, excerpts } = toMarkdown({ html: `${include('7')}${excerpt('x', 'b')}`.repeat(20_000) })

  expect([references.length, excerpts.length]).toEqual([10_000, 1_000])
  expect(toMarkdown({ html: `<unsilo-excerpt name="x">`.repeat(50_000) }).excerpts).toEqual([])
})
