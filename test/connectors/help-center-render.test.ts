import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { render } from '../../connectors/help-center/render.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'

const BASE = 'https://help.example.com/en/articles/1-refunds'

const markdownOf = (html: string) => toMarkdown(render(html, BASE)).markdown.trim()

describe('what an article’s HTML becomes in markdown', () => {
  const upload = 'https://downloads.intercomcdn.com/i/o/1/2/a%20b.png'
  test.each([
    [
      'a callout is a quotation, whatever else is inside or around it',
      '<div><div class="intercom-interblocks-callout" style="background-color: #feedaf80;"><p class="no-margin"><b>Note:</b> one</p><div>two</div></div></div><p>three</p>',
      '> **Note:** one\n>\n> two\n\nthree',
    ],
    [
      'code',
      '<pre><code class="language-js">if (a &lt; b) {\n  &lt;div class="intercom-interblocks-callout"&gt;\n}</code></pre>',
      '```js\nif (a < b) {\n  <div class="intercom-interblocks-callout">\n}\n```',
    ],
    [
      'a collapsible block is open, under its title',
      '<details><summary>How long?</summary><div><p>14 days</p></div></details>',
      '**How long?**\n\n14 days',
    ],
    [
      'or under its heading',
      '<details><summary><h3>How long?</h3></summary><p>14 days</p></details>',
      '### How long?\n\n14 days',
    ],
    [
      'a table keeps its cells',
      '<div class="intercom-interblocks-table-container"><table role="presentation"><tbody><tr><td><p>Plan</p></td><td><p>Days</p></td></tr><tr><td><p>Pro</p></td><td><p>30</p></td></tr></tbody></table></div>',
      '| | |\n| --- | --- |\n| Plan | Days |\n| Pro | 30 |',
    ],
    [
      'an image has its text and an address without a signature',
      `<div class="intercom-container"><img src="${upload}?expires=17&amp;signature=ab&amp;req=c%2Fd" alt="Form"></div>`,
      `![Form](${upload})`,
    ],
    [
      'so has a file',
      `<a class="intercom-attachment" href='https://acme.intercom-attachments-7.com/i/o/1/form.pdf?expires=1&signature=2'>form.pdf</a>`,
      '[form.pdf](https://acme.intercom-attachments-7.com/i/o/1/form.pdf)',
    ],
    [
      'a signature of others stays',
      '<a href="https://x.example/?signature=1">x</a>',
      '[x](https://x.example/?signature=1)',
    ],
    [
      'a video is a link to its page',
      '<div class="intercom-h2b-video"><iframe src="https://www.youtube.com/embed/abc_-1?rel=0" frameborder="0"></iframe></div><div class="intercom-h2b-video"><iframe src="https://www.loom.com/embed/0f1"></iframe></div>',
      '<https://www.youtube.com/watch?v=abc_-1>\n\n<https://www.loom.com/share/0f1>',
    ],
    [
      'a button is a link',
      '<a class="intercom-h2b-button" href="https://b.example">Buy</a>',
      '[Buy](https://b.example)',
    ],
    [
      'links within the help center and the article',
      '<p><a href="/en/articles/2">two</a> <a href="#h_1">here</a></p>',
      '[two](https://help.example.com/en/articles/2) [here](https://help.example.com/en/articles/1-refunds#h_1)',
    ],
    ['a script link is none', '<p><a href="java&#115;cript:alert(1)">x</a></p>', 'x'],
    [
      'what breaks out of a value stays in it',
      `<img alt=x src='https://x.example/"><b>y</b>'>`,
      '![x](https://x.example/"%3E%3Cb%3Ey%3C/b%3E)',
    ],
    [
      'stray end tags close nothing',
      '</div></div><div class="intercom-interblocks-callout"><p>a</p></div></div><p>b</p>',
      '> a\n\nb',
    ],
  ])('%s', (_, html, markdown) => {
    expect(markdownOf(html)).toBe(markdown)
  })

  test('players are counted as what the text can’t say', () => {
    const html = '<iframe src="https://www.loom.com/embed/0f1"></iframe><video src="https://x.example/a.mp4"></video>'
    expect(render(html, BASE).losses).toEqual({ video: 2 })
  })

  test.each([
    ['nested', '<div class="intercom-interblocks-callout">'.repeat(200_000)],
    ['unclosed in an attribute', `<img src="${'https://downloads.intercomcdn.com/'.repeat(50_000)}`],
    ['many attributes', `<a ${'href=x '.repeat(200_000)}>x</a>`],
  ])('hostile HTML, %s, comes out whole', (_, html) => {
    expect(render(html, BASE).html.length).toBeGreaterThan(100_000)
  })

  test('an article beyond all sizes is cut, and says so', () => {
    const { html, losses } = render(`<p>${'word '.repeat(2_500_000)}</p>`, BASE)
    expect(losses).toEqual({ cut: 1 })
    expect(html).toMatch(/\[cut: .*<\/blockquote>$/)
  })
})

const samples = join(import.meta.dirname, '../../../shared/samples/helpcenter-html/fiches-travail-fr')
const pages = readSamples()

test.skipIf(pages.length === 0)('no word of real help pages is lost or made up', () => {
  for (const { html } of pages)
    expect(words(toMarkdown(render(html, BASE)).markdown)).toEqual(words(toMarkdown({ html }).markdown))
  expect(pages.reduce((sum, { text }) => sum + words(text).length, 0)).toBeGreaterThan(10_000)
})

function readSamples(): readonly { html: string; text: string }[] {
  try {
    return readdirSync(samples).flatMap(
      (name) =>
        (JSON.parse(readFileSync(join(samples, name), 'utf8')) as { sections: { html: string; text: string }[] })
          .sections,
    )
  } catch {
    return []
  }
}

/** Of the text, not of addresses, which change. */
function words(markdown: string): readonly string[] {
  return markdown.replace(/\]\([^)]*\)|<[^>]*>/g, ' ').match(/\p{L}+/gu) ?? []
}
