import fc from 'fast-check'
import { parseDocument } from 'htmlparser2'
import { expect, test } from 'vitest'
import { toHtml } from '../../src/markdown/to-html.ts'

const BASE = 'https://wiki.example/space/page'

function html(markdown: string): string {
  return toHtml(markdown, BASE).html.trim()
}

test.each([
  ['a paragraph\\\nand a line', '<p>a paragraph<br />\nand a line</p>'],
  ['**a** *b* ~~c~~ `d`', '<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>'],
  ['- [ ] a\n- [x] b', '<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>'],
  ['3. a', '<ol start="3">\n<li>a</li>\n</ol>'],
  ['```ts\na < b\n```', '<pre><code class="language-ts">a &lt; b\n</code></pre>'],
  [
    '| a |\n| - |\n| b<br>c |',
    '<table>\n<thead>\n<tr>\n<th scope="col">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b<br />\nc</td>\n</tr>\n</tbody>\n</table>',
  ],
  ['a<!-- -->b', '<p>ab</p>'],
  ['<!-- a -->', '<p>&lt;!-- a --&gt;</p>'],
  ['<b onclick="x()">a</b>', '<p>&lt;b onclick="x()"&gt;a&lt;/b&gt;</p>'],
])('%j is %j', (markdown, expected) => {
  expect(html(markdown)).toBe(expected)
})

test.each([
  ['[a](https://e.example/?a=1&b=2)', 'https://e.example/?a=1&amp;b=2'],
  ['<https://e.example>', 'https://e.example/'],
  ['[a](other#part)', 'https://wiki.example/space/other#part'],
  ['[a](//e.example/x)', 'https://e.example/x'],
  ['[a](tel:+33123456789)', 'tel:+33123456789'],
])('%s leads to %s, and says nothing of where it stood', (markdown, url) => {
  expect(html(markdown)).toMatch(`<a href="${url}" rel="noopener nofollow">`)
})

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java&#10;script:alert(1)',
  'vbscript:x',
  'data:text/html,x',
  'file:///etc/passwd',
  'blob:https://e.example/1',
  '#nowhere',
])('a link to %s is only its text', (url) => {
  expect(html(`[text](<${url}>)`)).toBe('<p>text</p>')
})

test.each(['http://e.example/a.png', 'data:image/svg+xml,x', 'javascript:alert(1)'])(
  'an image at %s is only its text',
  (url) => {
    expect(html(`![text](<${url}>)`)).toBe('<p>text</p>')
  },
)

test('headings have ids of their own, which links into the page are led to', () => {
  const { html: made, outline } = toHtml(
    '# Été & co\n\n# Été *co*\n\n# 東京\n\n# …\n\n#\n\n[a](#%C3%A9t%C3%A9-co)',
    BASE,
  )

  expect(outline).toEqual([
    { level: 1, text: 'Été & co', id: 'h-été-co' },
    { level: 1, text: 'Été co', id: 'h-été-co-2' },
    { level: 1, text: '東京', id: 'h-東京' },
    { level: 1, text: '…', id: 'h-section' },
  ])
  expect(made).toContain('<h1 id="h-section-2"></h1>')
  expect(made).toContain('<a href="#h-%C3%A9t%C3%A9-co">')
})

test('a heading that is called like the second of another does not get its id', () => {
  const { outline } = toHtml('# a\n\n# a-2\n\n# a', BASE)

  expect(new Set(outline.map(({ id }) => id)).size).toBe(3)
})

test('of a very long text the beginning is shown, up to where a block ends', () => {
  const { html: made, isCut } = toHtml('Some words.\n\n'.repeat(40_000), BASE)

  expect(isCut).toBe(true)
  expect(made.endsWith('<p>Some words.</p>\n')).toBe(true)
})

const ELEMENTS = new Set(
  'h1 h2 h3 h4 h5 h6 p hr blockquote ul ol li pre table thead tbody tr th td a img br strong em s code'.split(' '),
)
const ATTRIBUTES = new Set(['href', 'rel', 'src', 'alt', 'loading', 'referrerpolicy', 'start', 'scope', 'class', 'id'])

const odd = fc.constantFrom(
  ...['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg/onload=alert(1)>', '[a](javascript:x)', '`'],
  ...[
    '![a](data:x "b")',
    '<a href="javascript:x">',
    '\n\n',
    '# ',
    '- ',
    '| a |\n| - |\n| ',
    '> ',
    '```',
    '&lt;script&gt;',
  ],
  ...[
    '[x]: javascript:alert(1)\n',
    '[x]',
    '<https://e.example/"onx=y>',
    '**',
    '\\',
    '<!--',
    '-->',
    '&#x6A;',
    '\0',
    '"',
  ],
)

test('whatever is written, only elements, attributes and addresses come out that are allowed by name', () => {
  const property = fc.property(fc.array(fc.oneof(odd, fc.string()), { maxLength: 12 }), (parts) => {
    const found: { name: string; attribs: Record<string, string> }[] = []
    const walk = (nodes: ReturnType<typeof parseDocument>['children']) => {
      for (const node of nodes) {
        expect(['tag', 'text']).toContain(node.type)
        if (!('attribs' in node)) continue
        found.push(node)
        walk(node.children)
      }
    }
    walk(parseDocument(toHtml(parts.join(''), BASE).html).children)
    for (const { name, attribs } of found) {
      expect(ELEMENTS).toContain(name)
      for (const [attribute, value] of Object.entries(attribs)) {
        expect(ATTRIBUTES).toContain(attribute)
        if (attribute === 'src') expect(value).toMatch(/^https:/)
        if (attribute === 'href') expect(value).toMatch(/^(https?:|mailto:|tel:|#h-)/)
      }
    }
  })

  fc.assert(property, { numRuns: 500 })
})
