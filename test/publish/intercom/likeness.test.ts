import { expect, test } from 'vitest'
import { isLike } from '../../../src/publish/intercom/likeness.ts'

const MARKDOWN = `## Steps & more

- [ ] open <https://example.com/a?b=1&c=2>, then \`a < b\` and snake\\_case
- [the form](https://example.com/form/ "here"), ![a picture](https://example.com/p.png)

| a | b |
| - | - |
| 1 | x &lt; y |
`

test.each<[string, string, boolean]>([
  [
    'as Intercom may write it',
    `<h2 id="h_1">Steps &amp; more</h2><ul><li><p class="no-margin">[ ] open <a href="https://example.com/a?b=1&amp;c=2" target="_blank">https://example.com/a?b=1&amp;c=2</a>, then <code>a &lt; b</code> and snake_case</p></li>
     <li><p><a href="https://example.com/form">the form</a>, <img src="https://cdn.test/1"></p></li></ul>
     <table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>x &lt; y</td></tr></table>`,
    true,
  ],
  [
    'a word less',
    '<h2>Steps</h2><p>open <a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a></p>',
    false,
  ],
])('%s', (_, html, like) => {
  expect(isLike({ title: 'T', markdown: MARKDOWN }, { title: 'T ', html })).toBe(like)
})

test('another title, or a link that leads elsewhere, is not the same', () => {
  const sent = { title: 'T', markdown: 'See [here](https://example.com/x).\n' }
  const html = (address: string) => `<p>See <a href="${address}">here</a>.</p>`

  expect(isLike(sent, { title: 'T', html: html('https://example.com/x') })).toBe(true)
  expect(isLike(sent, { title: 'U', html: html('https://example.com/x') })).toBe(false)
  expect(isLike(sent, { title: 'T', html: html('https://evil.test/x') })).toBe(false)
})
