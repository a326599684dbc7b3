import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LinkResolver, render, renderAdf } from '../../connectors/confluence/render.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Json } from '../../src/core/json.ts'

/** Knows the page `Runbook`, every file and the user `ann`. */
const links: LinkResolver = {
  page: ({ title, spaceKey = 'OWN' }) => (title === 'Runbook' ? `https://site/wiki/${spaceKey}/${title}` : null),
  id: ({ title }) => (title === 'Runbook' ? '7' : null),
  content: () => null,
  space: () => null,
  attachment: (name) => `https://site/wiki/files/${name}`,
  user: (id) => (id === 'ann' ? 'Ann Lee' : null),
  base: 'https://site/wiki',
}

type Tree = { readonly [key: string]: Json }

function node(type: string, attrs: Tree, ...content: readonly Tree[]): Tree {
  return { type, attrs, ...(content.length > 0 && { content: [...content] }) }
}

function text(text: string, ...marks: readonly (string | Tree)[]): Tree {
  const written = marks.map((mark) => (typeof mark === 'string' ? { type: mark } : mark))
  return { type: 'text', text, ...(marks.length > 0 && { marks: written }) }
}

const paragraph = (...content: readonly (Tree | string)[]) =>
  node('paragraph', {}, ...content.map((one) => (typeof one === 'string' ? text(one) : one)))

const item = (...content: readonly Tree[]) => node('listItem', {}, ...content)
const cell = (word: string, attrs: Tree = {}, type = 'tableCell') => node(type, attrs, paragraph(word))
const link = (href: string) => ({ type: 'link', attrs: { href } })
const doc = (...content: readonly unknown[]) => ({ type: 'doc', version: 1, content })
const html = (...content: readonly unknown[]) => renderAdf(doc(...content), links).html

function macro(type: string, key: string, parameters: Tree, ...content: readonly Tree[]): Tree {
  const macroParams = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }]))
  return node(type, { extensionKey: key, parameters: { macroParams } }, ...content)
}

type Cases = readonly (readonly [what: string, adf: Tree, html: string])[]

const blocks: Cases = [
  ['a heading', node('heading', { level: 3 }, text('a')), '<h3>a</h3>'],
  ['a quote', node('blockquote', {}, paragraph('a')), '<blockquote><p>a</p></blockquote>'],
  ['a rule', node('rule', {}), '<hr>'],
  [
    'code, whose text is not markup',
    node('codeBlock', { language: 'js' }, text('a <b> &amp;\n  c')),
    '<pre><code class="language-js">a &lt;b&gt; &amp;amp;\n  c</code></pre>',
  ],
  [
    'lists in lists',
    node('orderedList', { order: 4 }, item(paragraph('a'), node('bulletList', {}, item(paragraph('b'))))),
    '<ol start="4"><li><p>a</p><ul><li><p>b</p></li></ul></li></ol>',
  ],
  [
    'tasks in tasks',
    node(
      'taskList',
      {},
      node('taskItem', { state: 'DONE' }, text('a')),
      // The state that ADF gives to a task that isn't done.
      node('taskList', {}, node('taskItem', { state: 'TODO' }, text('b'))),
    ),
    '<ul><li><input type="checkbox" checked=""> a<ul><li><input type="checkbox"> b</li></ul></li></ul>',
  ],
  [
    'decisions',
    node('decisionList', {}, node('decisionItem', { state: 'DECIDED' }, text('a'))),
    '<ul><li>☑ a</li></ul>',
  ],
  [
    'a panel, by its kind',
    node('panel', { panelType: 'warning' }, paragraph('a')),
    '<blockquote><p><strong>Warning</strong></p><div><p>a</p></div></blockquote>',
  ],
  [
    'an expand, by its title',
    node('expand', { title: 'More' }, node('nestedExpand', { title: 'Still' }, paragraph('a'))),
    '<p><strong>More</strong></p><div><p><strong>Still</strong></p><div><p>a</p></div></div>',
  ],
  [
    'columns, one after the other',
    node('layoutSection', {}, node('layoutColumn', {}, paragraph('a')), node('layoutColumn', {}, paragraph('b'))),
    '<div><div><p>a</p></div><div><p>b</p></div></div>',
  ],
  [
    'a table with spans',
    node('table', {}, node('tableRow', {}, cell('a', { colspan: 2, rowspan: 1 }, 'tableHeader'), cell('b'))),
    '<table><tbody><tr><th colspan="2"><p>a</p></th><td><p>b</p></td></tr></tbody></table>',
  ],
  [
    'the number column, which is drawn and not stored',
    node(
      'table',
      { isNumberColumnEnabled: true },
      node('tableRow', {}, cell('a', {}, 'tableHeader')),
      node('tableRow', {}, cell('b')),
    ),
    '<table><tbody><tr><th></th><th><p>a</p></th></tr><tr><td>1</td><td><p>b</p></td></tr></tbody></table>',
  ],
  [
    'an image with a caption',
    node(
      'mediaSingle',
      {},
      node('media', { type: 'external', url: 'https://x/y.png', alt: 'flow' }),
      node('caption', {}, text('Fig. 1')),
    ),
    '<div><img src="https://x/y.png" alt="flow"><div>Fig. 1</div></div>',
  ],
  [
    'a file that is no picture',
    node('mediaGroup', {}, node('media', { type: 'file', id: '9', alt: 'plan.pdf' })),
    '<div><a href="https://site/wiki/files/plan.pdf">plan.pdf</a></div>',
  ],
  ['a card', node('blockCard', { url: 'https://x/y' }), '<p><a href="https://x/y">https://x/y</a></p>'],
]

const inlines: Cases = [
  ['a line break', node('hardBreak', {}), '<br>'],
  ['an emoji', node('emoji', { shortName: ':tools:', text: '🛠️' }), '🛠️'],
  ['an emoji of Atlassian', node('emoji', { shortName: ':check_mark:', text: ':check_mark:' }), '✅'],
  ['a person', node('mention', { id: 'ann', text: '@Old Name' }), '@Ann Lee'],
  ['a person by the written name', node('mention', { id: 'bob', text: '@Bob' }), '@Bob'],
  ['a day', node('date', { timestamp: '1735689600000' }), '2025-01-01'],
  ['a status', node('status', { text: 'DONE', color: 'green' }), '[DONE]'],
  ['a link that is a card', node('inlineCard', { url: 'https://x/y' }), '<a href="https://x/y">https://x/y</a>'],
  ['no placeholder', node('placeholder', { text: 'type here' }), ''],
  ['marks', text('a', link('https://x/'), 'strong', 'em'), '<a href="https://x/"><strong><em>a</em></strong></a>'],
  ['a superscript', text('2', { type: 'subsup', attrs: { type: 'sup' } }), '<sup>2</sup>'],
  ['no colour', text('a', { type: 'textColor', attrs: { color: '#f00' } }, 'underline'), '<u>a</u>'],
  ['no address that a reader must not follow', text('a', link('javascript:alert(1)')), 'a'],
]

describe.each([
  ['block', blocks, (adf: Tree) => html(adf)],
  ['inline', inlines, (adf: Tree) => html(paragraph(adf)).slice(3, -4)],
] as const)('%s nodes', (_kind, cases, rendered) => {
  test.each(cases)('%s', (_what, adf, expected) => expect(rendered(adf)).toBe(expected))
})

test('words that share a link are one link', () => {
  const adf = paragraph(
    text('the ', link('https://x/')),
    text('run', link('https://x/'), 'strong'),
    text('book', 'strong'),
  )
  expect(html(adf)).toBe('<p><a href="https://x/">the <strong>run</strong></a><strong>book</strong></p>')
})

describe('macros are those of storage format', () => {
  const plain = (body: string) => `<ac:plain-text-body><![CDATA[${body}]]></ac:plain-text-body>`
  const rich = `<ac:rich-text-body><p>a</p></ac:rich-text-body>`
  const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`

  test.each([
    ['toc', macro('extension', 'toc', { style: 'none' }), ''],
    ['jira', macro('inlineExtension', 'jira', { key: 'ABC-12' }), parameter('key', 'ABC-12')],
    ['include', macro('extension', 'include', { '': 'OPS:Runbook' }), parameter('', 'OPS:Runbook')],
    [
      'excerpt-include',
      macro('extension', 'excerpt-include', { '': 'Runbook', name: 'Fees' }),
      parameter('', 'Runbook') + parameter('name', 'Fees'),
    ],
    [
      'excerpt',
      macro('bodiedExtension', 'excerpt', { name: 'Fees' }, paragraph('a')),
      parameter('name', 'Fees') + rich,
    ],
    [
      'excerpt',
      macro('bodiedExtension', 'excerpt', { hidden: 'true' }, paragraph('a')),
      parameter('hidden', 'true') + rich,
    ],
    ['panel', macro('bodiedExtension', 'panel', { title: 'T' }, paragraph('a')), parameter('title', 'T') + rich],
    [
      'profile',
      macro('inlineExtension', 'profile', { user: 'ann' }),
      parameter('user', '<ri:user ri:account-id="ann"/>'),
    ],
    ['show-if', macro('bodiedExtension', 'show-if', { group: 'hr' }, paragraph('a')), parameter('group', 'hr') + rich],
    ['plantuml', macro('extension', 'plantuml', { __bodyContent: 'a -> b' }), plain('a -> b')],
    ['made-up', macro('bodiedExtension', 'made-up', { secret: 'k' }, paragraph('a')), rich],
  ])('%s', (name, adf, content) => {
    const storage = `<ac:structured-macro ac:name="${name}">${content}</ac:structured-macro>`
    expect(renderAdf(doc(adf), links)).toEqual(render(storage, links))
  })

  test('an app’s macro is known by the end of its key', () => {
    const attrs = { extensionKey: 'APP/ENV/static/mathblock', parameters: { guestParams: { latex: 'e^x' } } }
    expect(html(node('extension', attrs))).toBe('<pre><code class="language-math">e^x</code></pre>')
  })

  test('a document inside a parameter is what the macro shows', () => {
    const table = doc(node('table', {}, node('tableRow', {}, cell('a'))))
    const attrs = { extensionKey: 'nested-table', parameters: { reason: 'no', adf: JSON.stringify(table) } }
    const migrated = { ...attrs, extensionType: 'com.atlassian.confluence.migration' }
    expect(html(node('extension', migrated))).toBe(
      '<div><table><tbody><tr><td><p>a</p></td></tr></tbody></table></div>',
    )
    expect(html(node('extension', attrs))).toBe('')
  })

  test('storage format inside a node is what the node shows', () => {
    const attrs = { cxhtml: '<p>Due <time datetime="2026-08-31"/></p>' }
    expect(html(node('confluenceUnsupportedBlock', attrs))).toBe('<p>Due 2026-08-31</p>')
  })
})

describe('inside storage format', () => {
  const adfNode = (type: string, content: string) => `<ac:adf-node type="${type}">${content}</ac:adf-node>`
  const attribute = (key: string, value: string) => `<ac:adf-attribute key="${key}">${value}</ac:adf-attribute>`
  const parameter = (key: string, value: string) => `<ac:adf-parameter key="${key}">${value}</ac:adf-parameter>`
  const extension = (node: string, fallback = '') =>
    `<ac:adf-extension>${node}${fallback === '' ? '' : `<ac:adf-fallback>${fallback}</ac:adf-fallback>`}</ac:adf-extension>`
  const latex =
    attribute('extension-key', 'APP/ENV/static/mathinline') +
    attribute('parameters', parameter('local-id', '7') + parameter('guest-params', parameter('latex', 'e^x')))

  test.each([
    [
      'an app’s macro',
      extension(adfNode('inline-extension', latex), adfNode('inline-extension', latex)),
      '<code>e^x</code>',
      {},
    ],
    [
      'an unknown one keeps its content and not its fallback',
      extension(
        adfNode('extension', `${attribute('extension-key', 'native-tabs')}<ac:adf-content><p>a</p></ac:adf-content>`),
        '<p>a</p>',
      ),
      '<div><div><p>a</p></div></div>',
      { 'macro:native-tabs': 1 },
    ],
    [
      'a fallback that is the JSON of a document',
      extension(adfNode('extension', ''), JSON.stringify(doc(paragraph('a "b"'))).replaceAll('"', '&quot;')),
      '<p>a "b"</p>',
      {},
    ],
  ])('%s', (_what, storage, expected, losses) => {
    expect(render(storage, links)).toEqual({ html: expected, losses })
  })
})

describe('losses', () => {
  test('name what is unknown, and what it shows stays', () => {
    const adf = doc(
      node('hologram', {}, paragraph(text('a', 'glow'))),
      paragraph(node('chip', { text: 'b' }), node('mention', { id: 'zoe' })),
      macro('extension', 'made-up', { secret: 'k' }),
      node('mediaSingle', {}, node('media', { type: 'file', id: '9', alt: 'the flow' })),
    )
    expect(renderAdf(adf, links)).toEqual({
      html: '<p>a</p><p>b</p><div>[image: the flow]</div>',
      losses: { 'element:hologram': 1, 'element:glow': 1, 'element:chip': 1, user: 1, 'macro:made-up': 1, image: 1 },
    })
  })

  test('what is no node is counted and its neighbours stay', () => {
    const adf = doc(null, 'a', 7, [], { type: 9 }, { type: '__proto__' }, paragraph('b'), {
      type: 'paragraph',
      content: 'c',
    })
    expect(renderAdf(adf, links)).toEqual({
      html: '<p>b</p><p></p>',
      losses: { 'element:unreadable': 5, 'element:__proto__': 1 },
    })
  })
})

describe('hostile documents', () => {
  test('what is no text in code shows what it says, not how it is drawn', () => {
    const inner = node('panel', { panelType: 'info', title: 'T' }, node('codeBlock', { language: 'js' }, text('a')))
    expect(renderAdf(doc(node('codeBlock', {}, inner)), links).html).toBe('<pre><code>Ta</code></pre>')
  })

  test.each([
    ['no JSON', 'oops'],
    ['no document', '{"type":"paragraph","content":[]}'],
    ['no content', '{"type":"doc","version":1}'],
    ['null', null],
    ['inherited fields', Object.create({ type: 'doc', content: [] })],
  ])('%s is an error of this document', (_what, adf) => {
    expect(() => renderAdf(adf, links)).toThrow(UnsiloError)
    expect(() => renderAdf(adf, links)).toThrow(/body\.atlas_doc_format: expected/)
  })

  test('100,001 nested nodes or marks are read without recursion', () => {
    const depth = 100_001
    const deep = `${'{"type":"blockquote","content":['.repeat(depth)}{"type":"text","text":"x"}${']}'.repeat(depth)}`
    const { html, losses } = renderAdf(`{"type":"doc","content":[${deep}]}`, links)
    expect(html.length).toBeGreaterThan(depth)
    expect(losses).toEqual({ depth: 1 })
    const marked = text('y', ...Array.from({ length: depth }, (_, index) => link(`https://x/${index}`)))
    expect(renderAdf(doc(marked), links).losses).toEqual({ depth: 1 })
  })

  test('more nodes than a page has are cut with a note', () => {
    const many = Array.from({ length: 1_000_001 }, () => ({ type: 'hardBreak' }))
    const { html, losses } = renderAdf(doc(...[{ type: 'paragraph', content: many }]), links)
    expect(losses).toEqual({ cut: 1 })
    expect(html).toMatch(/<blockquote>\[cut: [^<]*<\/blockquote>$/)
  })

  test('any JSON in any field renders, or is refused as a whole', () => {
    const types =
      'paragraph text table tableRow taskList codeBlock media date status extension mention __proto__'.split(' ')
    const keys = 'text level order colspan timestamp parameters adf url alt macroParams isNumberColumnEnabled __proto__'
    const attrs = fc.dictionary(fc.constantFrom(...keys.split(' ')), fc.jsonValue())
    const tree = fc.letrec((tie) => ({
      node: fc.record(
        {
          type: fc.constantFrom(...types),
          text: fc.oneof(fc.string(), fc.jsonValue()),
          attrs: fc.oneof(attrs, fc.jsonValue()),
          marks: fc.oneof(fc.array(fc.record({ type: fc.string(), attrs: fc.jsonValue() })), fc.jsonValue()),
          content: fc.oneof(fc.array(fc.oneof({ maxDepth: 4 }, fc.jsonValue(), tie('node'))), fc.jsonValue()),
        },
        { requiredKeys: ['type'] },
      ),
    })).node
    fc.assert(
      fc.property(fc.array(tree), (content) => {
        const { html } = renderAdf(JSON.stringify(doc(...content)), links)
        expect(html).not.toMatch(/<(?!\/?[a-z][a-z0-9]*[ >])/)
      }),
      { numRuns: 300 },
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
