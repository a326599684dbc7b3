import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LinkResolver, render } from '../../connectors/confluence/render.ts'
import { LONGEST_TEXT } from '../../src/core/limits.ts'

/** Knows every page but `Gone`, the id of `Known`, every file but `gone.png`, the content id 42 and the user `ann`. */
const links: LinkResolver = {
  page: ({ title, spaceKey = 'OWN' }) => (title === 'Gone' ? null : `https://site/wiki/${spaceKey}/${title}`),
  id: ({ title }) => (title === 'Known' ? '7' : null),
  content: (id) => (id === '42' || id === '83989' ? `https://site/wiki/page-${id}` : null),
  space: (key) => `https://site/wiki/spaces/${key}`,
  attachment: (name, page) => (name === 'gone.png' ? null : `https://site/wiki/files/${page?.title ?? 'self'}/${name}`),
  user: (id) => (id === 'ann' ? 'Ann Lee' : null),
  base: 'https://site/wiki',
}

function macro(name: string, content: string): string {
  return `<ac:structured-macro ac:name="${name}" ac:schema-version="1">${content}</ac:structured-macro>`
}

function parameter(name: string, value: string): string {
  return `<ac:parameter ac:name="${name}">${value}</ac:parameter>`
}

function rich(html: string): string {
  return `<ac:rich-text-body>${html}</ac:rich-text-body>`
}

function plain(text: string): string {
  return `<ac:plain-text-body><![CDATA[${text}]]></ac:plain-text-body>`
}

function link(resource: string, body = ''): string {
  return `<ac:link>${resource}${body}</ac:link>`
}

const inline = parameter('atlassian-macro-output-type', 'INLINE')

type Cases = readonly (readonly [what: string, storage: string, html: string])[]

const texts: Cases = [
  ['named and numeric entities', '<p>a&nbsp;&ldquo;b&rdquo; &#8364; &amp;lt;</p>', '<p>a&nbsp;“b” € &amp;lt;</p>'],
  ['HTML with the attributes that matter', '<td colspan="2" onclick="x()">a</td>', '<td colspan="2">a</td>'],
  ['an empty element', '<p/><td/>b', '<p></p><td></td>b'],
  ['an unclosed element', '<p>a', '<p>a</p>'],
  ['a void element written as in HTML', '<p>a<br>b</p>', '<p>a<br>b</p>'],
  ['a stray end tag', '<p>a</b></p>', '<p>a</p>'],
  ['the content of an unknown element', '<blink>a</blink><foo:bar>b</foo:bar>', 'ab'],
  ['what hides an unknown element', '<font style="display:none">a</font>', '<span style="display:none">a</span>'],
  ['no comment', 'a<!-- b -->c', 'ac'],
  ['no script', 'a<script>b</script>c', 'ac'],
  ['no doctype', '<!DOCTYPE foo [\n<!ENTITY xxe SYSTEM "file:///x">\n]><p>&xxe;</p>', '<p>&amp;xxe;</p>'],
  ['formula source beside its drawing', '<math><mi>x</mi><annotation>x^2</annotation></math>', '<code>x^2</code>'],
]

const elements: Cases = [
  ['layout', '<ac:layout><ac:layout-section><ac:layout-cell>a</ac:layout-cell></ac:layout-section></ac:layout>', 'a'],
  ['an inline comment marker', 'a <ac:inline-comment-marker ac:ref="r">b</ac:inline-comment-marker>', 'a b'],
  ['no placeholder', '<p><ac:placeholder>type here</ac:placeholder></p>', '<p></p>'],
  ['no template variables', '<at:declarations><at:string at:name="v"/></at:declarations><at:var at:name="v"/>', ''],
  ['a date', 'Due <time datetime="2026-08-31"/>', 'Due 2026-08-31'],
  ['an emoji', '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":tools:" ac:emoji-fallback="🛠️"/>', '🛠️'],
  ['an old emoticon', '<ac:emoticon ac:name="tick"/>', '✅'],
  ['an Atlassian emoji', '<ac:emoticon ac:name="blue-star" ac:emoji-fallback=":cross_mark:"/>', '❌'],
  ['a custom emoji', '<ac:emoticon ac:name="blue-star" ac:emoji-fallback=":ship-it:"/>', ':ship-it:'],
]

const taskLists: Cases = [
  [
    'text beside tasks, and in a task without a body',
    '<ac:task-list>a<ac:task><ac:task-id>7</ac:task-id>b</ac:task> <ac:task><ac:task-body>c</ac:task-body></ac:task>d</ac:task-list>',
    '<ul><li> a</li><li><input type="checkbox"> b</li><li><input type="checkbox"> c d</li></ul>',
  ],
  [
    'tasks',
    `<ac:task-list>
      <ac:task><ac:task-id>7</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task>
      <ac:task><ac:task-id>8</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>b</ac:task-body></ac:task>
    </ac:task-list>`,
    '<ul><li><input type="checkbox" checked=""> a</li><li><input type="checkbox"> b</li></ul>',
  ],
  [
    'a list inside a list',
    '<ac:task-list><ac:task><ac:task-body>a</ac:task-body></ac:task><ac:task-list><ac:task><ac:task-body>b</ac:task-body></ac:task></ac:task-list></ac:task-list>',
    '<ul><li><input type="checkbox"> a<ul><li><input type="checkbox"> b</li></ul></li></ul>',
  ],
]

const pageLink = '<ri:page ri:content-title="Data Model"/>'
const linked: Cases = [
  ['a page of the own space', link(pageLink), '<a href="https://site/wiki/OWN/Data Model">Data Model</a>'],
  [
    'a page of another space, its body escaped',
    link(
      '<ri:page ri:space-key="OPS" ri:content-title="Run"/>',
      '<ac:plain-text-link-body><![CDATA[the <b>]]></ac:plain-text-link-body>',
    ),
    '<a href="https://site/wiki/OPS/Run">the &lt;b&gt;</a>',
  ],
  [
    'a rich body',
    link(pageLink, '<ac:link-body>see <em>it</em></ac:link-body>'),
    '<a href="https://site/wiki/OWN/Data Model">see <em>it</em></a>',
  ],
  ['the text of an unknown page', link('<ri:page ri:content-title="Gone"/>'), 'Gone'],
  ['a blog post', link('<ri:blog-post ri:content-title="News"/>'), '<a href="https://site/wiki/OWN/News">News</a>'],
  ['a space', link('<ri:space ri:space-key="OPS"/>'), '<a href="https://site/wiki/spaces/OPS">OPS</a>'],
  [
    'a content id and an anchor',
    '<ac:link ac:anchor="Account opening"><ri:content-entity ri:content-id="42"/><ac:link-body>a</ac:link-body></ac:link>',
    '<a href="https://site/wiki/page-42#Account-opening">a</a>',
  ],
  ['an anchor of the page', '<ac:link ac:anchor="Top"/>', '<a href="#Top">Top</a>'],
  [
    'a file of another page',
    link(`<ri:attachment ri:filename="a.pdf">${pageLink}</ri:attachment>`),
    '<a href="https://site/wiki/files/Data Model/a.pdf">a.pdf</a>',
  ],
  [
    'a URL',
    link('<ri:url ri:value="https://example.com/?a=1&amp;b=2"/>', '<ac:link-body>x</ac:link-body>'),
    '<a href="https://example.com/?a=1&amp;b=2">x</a>',
  ],
  ['a mention', link('<ri:user ri:account-id="ann"/>'), '@Ann Lee'],
  ['no unknown user', link('<ri:user ri:userkey="8a28"/>'), ''],
  ['a shortcut', link('<ri:shortcut ri:key="jira" ri:parameter="ABC-1"/>'), 'ABC-1'],
  ['a relative address', '<a href="/wiki/x?y">a</a>', '<a href="https://site/wiki/x?y">a</a>'],
  [
    'an address by page id',
    '<a href="/wiki/spaces/OPS/pages/42/Old+Title#h">a</a>',
    '<a href="https://site/wiki/page-42#h">a</a>',
  ],
  ['a tiny link', '<a href="https://site/wiki/x/FUgB">a</a>', '<a href="https://site/wiki/page-83989">a</a>'],
  [
    'an id on another site',
    '<a href="https://other/wiki/spaces/X/pages/42/T">a</a>',
    '<a href="https://other/wiki/spaces/X/pages/42/T">a</a>',
  ],
  [
    'only the text of a dangerous address',
    '<a href="java&#10;script:alert(1)">a</a><a href="data:text/html,x">b</a>',
    'ab',
  ],
]

const images: Cases = [
  [
    'a file with its alternative text',
    '<ac:image ac:alt="The flow"><ri:attachment ri:filename="flow.png"/></ac:image>',
    '<img src="https://site/wiki/files/self/flow.png" alt="The flow">',
  ],
  [
    'a URL, called by its last part',
    '<ac:image><ri:url ri:value="https://example.com/i/flow.png?s=1"/></ac:image>',
    '<img src="https://example.com/i/flow.png?s=1" alt="flow.png">',
  ],
  [
    'a caption',
    '<ac:image><ri:attachment ri:filename="flow.png"/><ac:caption><p>How it flows</p></ac:caption></ac:image>',
    '<img src="https://site/wiki/files/self/flow.png" alt="flow.png"><p>How it flows</p>',
  ],
  ['the name of an unknown file', '<ac:image><ri:attachment ri:filename="gone.png"/></ac:image>', '[image: gone.png]'],
  ['no icon', '<ac:image ac:width="16"><ri:attachment ri:filename="dot.png"/></ac:image>', ''],
]

const macros: Cases = [
  ['a panel', macro('info', rich('<p>a</p>')), '<blockquote><p><strong>Info</strong></p><p>a</p></blockquote>'],
  [
    'a panel with a title',
    macro('warning', parameter('icon', 'false') + parameter('title', 'Hot') + rich('a')),
    '<blockquote><p><strong>Warning: Hot</strong></p>a</blockquote>',
  ],
  ['a plain panel', macro('panel', parameter('bgColor', '#fff') + rich('a')), '<blockquote>a</blockquote>'],
  ['an empty panel', macro('info', ''), ''],
  [
    'a panel without a body element',
    macro('info', 'loose'),
    '<blockquote><p><strong>Info</strong></p>loose</blockquote>',
  ],
  [
    'code, byte for byte',
    macro('code', parameter('language', 'xml') + parameter('linenumbers', 'true') + plain('\n  <a b="&amp;">\n')),
    '<pre><code class="language-xml">\n  &lt;a b="&amp;amp;"&gt;\n</code></pre>',
  ],
  ['split CDATA', macro('code', plain('a]]]]><![CDATA[>b')), '<pre><code>a]]&gt;b</code></pre>'],
  [
    'code with a title and an unnamed language',
    macro('code', parameter('', 'java') + parameter('title', 'Main') + plain('x')),
    '<p><strong>Main</strong></p><pre><code class="language-java">x</code></pre>',
  ],
  [
    'code without CDATA',
    macro('noformat', '<ac:plain-text-body>a &lt; b</ac:plain-text-body>'),
    '<pre><code>a &lt; b</code></pre>',
  ],
  [
    'no language that is none',
    macro('code', parameter('language', 'a" onload="x') + plain('x')),
    '<pre><code>x</code></pre>',
  ],
  ['an expand', macro('expand', parameter('title', 'More') + rich('<p>a</p>')), '<p><strong>More</strong></p><p>a</p>'],
  ['columns', macro('section', rich(macro('column', parameter('width', '50%') + rich('a')))), 'a'],
  ['an excerpt', macro('excerpt', rich('a')), '<unsilo-excerpt name="">a</unsilo-excerpt>'],
  [
    'an excerpt with a name',
    macro('excerpt', parameter('name', 'Fees & "rates"') + inline + rich('<p>a</p>')),
    '<unsilo-excerpt name="Fees &amp; &quot;rates&quot;"><p>a</p></unsilo-excerpt>',
  ],
  ['an excerpt within a line', macro('excerpt', inline + rich('<b>a</b> b')), '<b>a</b> b'],
  ['no hidden excerpt', macro('excerpt', parameter('hidden', 'true') + rich('a')), ''],
  ['page properties', macro('details', parameter('id', 'x') + rich('<p>a</p>')), '<p>a</p>'],
  ['what everybody is shown', macro('hide-if', parameter('display', 'pdf') + rich('a')), 'a'],
  ['nothing that only some are shown', macro('show-if', parameter('group', 'hr') + rich('a')), ''],
  ['a status', macro('status', parameter('colour', 'Green') + parameter('title', 'Done')), '[Done]'],
  ['a status without a title', macro('status', parameter('colour', 'Green')), '[Green]'],
  [
    'an issue',
    macro('jira', parameter('server', 'System JIRA') + parameter('key', 'ABC-1')),
    '<a href="https://site/browse/ABC-1">ABC-1</a>',
  ],
  ['an issue of another server', macro('jira', parameter('server', 'Old') + parameter('key', 'ABC-1')), 'ABC-1'],
  ['no query', macro('jira', parameter('jqlQuery', 'project = X')), ''],
  ['a profile', macro('profile', parameter('user', '<ri:user ri:username="ann"/>')), '@Ann Lee'],
  [
    'a reference to an included page',
    macro('include', parameter('', link('<ri:page ri:content-title="Known"/>'))),
    '<unsilo-include target="7"><a href="https://site/wiki/OWN/Known">Known</a></unsilo-include>',
  ],
  [
    'a reference to an included excerpt',
    macro('excerpt-include', parameter('', link('<ri:page ri:content-title="Known"/>')) + parameter('name', 'Fees')),
    '<unsilo-include target="7" part="Fees"><a href="https://site/wiki/OWN/Known">Known</a></unsilo-include>',
  ],
  [
    'a reference to the first excerpt',
    macro('excerpt-include', parameter('', 'OPS:Known')),
    '<unsilo-include target="7" part=""><a href="https://site/wiki/OPS/Known">Known</a></unsilo-include>',
  ],
  [
    'a reference to an excerpt of another app',
    macro('multiexcerpt-include', parameter('PageWithExcerpt', 'Known') + parameter('MultiExcerptName', 'Fees')),
    '<unsilo-include target="7" part="Fees"><a href="https://site/wiki/OWN/Known">Known</a></unsilo-include>',
  ],
  [
    'no reference that a page wrote by itself',
    macro('html', plain('<unsilo-include target="7">a</unsilo-include>')),
    'a',
  ],
  [
    'a link for an included page that nobody knows',
    macro('include', parameter('', link(pageLink))),
    '<p><a href="https://site/wiki/OWN/Data Model">Data Model</a></p>',
  ],
  [
    'a link for an included excerpt',
    macro('excerpt-include', parameter('', 'OPS:Run: now') + parameter('nopanel', 'true')),
    '<p><a href="https://site/wiki/OPS/Run: now">Run: now</a></p>',
  ],
  [
    'a shown file',
    macro('view-file', parameter('name', '<ri:attachment ri:filename="a.docx"/>') + parameter('height', '250')),
    '<a href="https://site/wiki/files/self/a.docx">a.docx</a>',
  ],
  [
    'a widget',
    macro('widget', parameter('url', '<ri:url ri:value="https://example.com/v"/>')),
    '<a href="https://example.com/v">https://example.com/v</a>',
  ],
  [
    'a diagram by its name',
    macro('drawio', parameter('diagramName', 'Flow') + parameter('revision', '3')),
    '<p><a href="https://site/wiki/files/self/Flow">Flow</a></p>',
  ],
  ['PlantUML', macro('plantuml', plain('a -> b')), '<pre><code class="language-plantuml">a -&gt; b</code></pre>'],
  [
    'PlantUML of an editor',
    macro('plantuml', plain('{"umlDefinition":"a -> b"}')),
    '<pre><code class="language-plantuml">a -&gt; b</code></pre>',
  ],
  [
    'PlantUML, compressed',
    macro(
      'plantumlcloud',
      parameter('compressed', 'true') + parameter('data', deflateRawSync('a%20-%3E%20b').toString('base64')),
    ),
    '<pre><code class="language-plantuml">a -&gt; b</code></pre>',
  ],
  [
    'no data that cannot be read',
    macro('plantumlcloud', parameter('compressed', 'true') + parameter('data', 'DATA(x)')),
    '',
  ],
  ['Mermaid', macro('mermaid-cloud', plain('graph TD')), '<pre><code class="language-mermaid">graph TD</code></pre>'],
  [
    'a formula',
    macro('easy-math-block', parameter('body', 'x^2') + parameter('align', 'left')),
    '<pre><code class="language-math">x^2</code></pre>',
  ],
  ['a formula in a line', macro('mathinline', parameter('body', 'x^2')), '<code>x^2</code>'],
  ['HTML, whatever it leaves open', `${macro('html', plain('<b>a&eacute;<br><i>b'))}c`, '<b>aé<br><i>b</i></b>c'],
  [
    'markdown',
    macro('markdown', plain('# T\na\nb\n\n```js\n# x\n```')),
    '<h1>T</h1><p>a<br>b</p><pre><code class="language-js"># x</code></pre>',
  ],
  ['no table of contents', macro('toc', parameter('maxLevel', '3')), ''],
  ['what a table of contents stands around', macro('toc-zone', parameter('location', 'top') + rich('a')), 'a'],
  ['an unknown macro with a rich body', macro('acme-box', parameter('secret', 'x') + rich('<p>a</p>')), '<p>a</p>'],
  ['an unknown macro with a plain body', macro('acme-box', plain('a < b')), '<pre><code>a &lt; b</code></pre>'],
  ['an unknown macro alone', macro('acme-box', parameter('config', '{"a":1}')), ''],
  [
    'a macro of old',
    '<ac:macro ac:name="code"><ac:default-parameter>sql</ac:default-parameter><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body></ac:macro>',
    '<pre><code class="language-sql">x</code></pre>',
  ],
  [
    'a macro in a macro, each with its own parameters',
    macro('expand', parameter('title', 'Out') + rich(macro('info', parameter('title', 'In') + rich('a')))),
    '<p><strong>Out</strong></p><blockquote><p><strong>Info: In</strong></p>a</blockquote>',
  ],
]

const attribute = (key: string, value: string) => `<ac:adf-attribute key="${key}">${value}</ac:adf-attribute>`
const extensions: Cases = [
  [
    'a panel, and not its fallback',
    `<ac:adf-extension><ac:adf-node type="panel">${attribute('panel-type', 'note')}<ac:adf-content><p>a</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div><p>a</p></div></ac:adf-fallback></ac:adf-extension>`,
    '<blockquote><p><strong>Note</strong></p><p>a</p></blockquote>',
  ],
  [
    'decisions',
    `<ac:adf-extension><ac:adf-node type="decision-list">${attribute('local-id', '9')}<ac:adf-node type="decision-item">${attribute('state', 'DECIDED')}<ac:adf-content>Go</ac:adf-content></ac:adf-node></ac:adf-node></ac:adf-extension>`,
    '<ul><li>☑ Go</li></ul>',
  ],
  [
    'the fallback where nothing else is',
    `<ac:adf-extension><ac:adf-node type="extension"><ac:adf-parameter key="k">v</ac:adf-parameter></ac:adf-node><ac:adf-fallback><p>a</p></ac:adf-fallback></ac:adf-extension>`,
    '<p>a</p>',
  ],
]

describe.each([
  ['text', texts],
  ['elements', elements],
  ['task lists', taskLists],
  ['links', linked],
  ['images', images],
  ['macros', macros],
  ['editor extensions', extensions],
])('%s', (_, cases) => {
  test.each(cases)('%s', (_, storage, html) => {
    expect(withoutBoxes(render(storage, links).html)).toBe(html)
  })
})

test('losses are counted by name', () => {
  const storage = [
    macro('acme-box', ''),
    macro('acme-box', ''),
    macro('jira', parameter('jqlQuery', 'x')),
    link('<ri:page ri:content-title="Gone"/>'),
    link('<ri:user ri:userkey="8a28"/>'),
    '<ac:image><ri:attachment ri:filename="gone.png"/></ac:image>',
    '<!-- a -->',
    '<ac:new-thing>a</ac:new-thing>',
    macro('excerpt', parameter('hidden', 'true')),
  ]
  expect(render(storage.join(''), links).losses).toEqual({
    'macro:acme-box': 2,
    'macro:jira': 1,
    link: 1,
    user: 1,
    image: 1,
    comment: 1,
    'element:ac:new-thing': 1,
    'hidden-element': 1,
  })
})

test.each([
  'info note warning tip success error panel alert auimessage',
  'expand ui-expand ui-tab ui-tabs ui-step ui-steps localtab localtabgroup section column div span center align',
  'clickable scroll-ignore scroll-only show-if hide-if excerpt multiexcerpt sv-translation toc-zone details',
  'table-filter table-chart pivot-table tableenhancer table-excerpt',
])('the body of %s stays, and is no loss', (names) => {
  for (const name of names.split(' ')) {
    const { html, losses } = render(macro(name, parameter('color', 'unseen') + rich('<p>kept</p>')), links)
    expect({ name, text: html.replace(/<[^>]*>|Info|Note|Warning|Tip|Success|Error|Alert/g, '') }).toEqual({
      name,
      text: 'kept',
    })
    expect(losses).toEqual({})
  }
})

test.each([
  'toc anchor children pagetree content-tree livesearch recently-updated contentbylabel blog-posts gallery attachments',
  'create-from-template space-details spaces popular-labels tasks-report-macro roadmap change-history contributors',
  'pagetreesearch loremipsum detailssummary',
])('%s have no words of their own', (names) => {
  for (const name of names.split(' ')) {
    expect(render(macro(name, parameter('', 'unseen')), links)).toEqual({ html: '', losses: {} })
  }
})

test('however macros are nested, each text stays and no parameter becomes text', () => {
  const name = fc.constantFrom('info', 'expand', 'excerpt', 'section', 'acme-box', 'details', 'span', 'toc-zone')
  const { page } = fc.letrec<{ page: string }>((tie) => ({
    page: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      fc.constant('<p>seen </p>'),
      fc.tuple(tie('page'), tie('page')).map(([a, b]) => `<ul><li>${a}</li></ul>${b}`),
      fc
        .tuple(name, tie('page'))
        .map(([macroName, body]) =>
          macro(macroName, parameter('id', 'unsaid') + rich(body) + parameter('', '<p>unsaid</p>')),
        ),
    ),
  }))

  fc.assert(
    fc.property(page, (storage) => {
      const { html } = render(storage, links)
      expect(html.split('seen').length).toBe(storage.split('seen').length)
      expect(html).not.toContain('unsaid')
    }),
    { numRuns: 200 },
  )
})

test('names of losses stay short, harmless and few', () => {
  const names = ['__proto__', 'a\n<b>"', 'x'.repeat(1_000), ...Array.from({ length: 100 }, (_, i) => `m${i}`)]
  const { losses } = render(names.map((name) => macro(name.replaceAll('"', '&quot;'), '')).join(''), links)

  expect(Object.keys(losses)).toHaveLength(51)
  expect(losses).toMatchObject({ 'macro:__proto__': 1, 'macro:ab': 1, [`macro:${'x'.repeat(54)}`]: 1, other: 53 })
})

test('a page beyond any that Confluence saves is cut, and says so', () => {
  const { html, losses } = render(`<p>${'a'.repeat(LONGEST_TEXT + 1)}</p>`, links)

  expect(losses).toEqual({ cut: 1 })
  expect(html.length).toBeLessThan(LONGEST_TEXT + 200)
  expect(html).toContain(`[cut: the page is longer than ${LONGEST_TEXT} characters]`)
})

const deep = 50_000
test.each([
  ['elements', '<div>'.repeat(deep), '</div>'.repeat(deep)],
  ['macros', `<ac:structured-macro ac:name="expand"><ac:rich-text-body>`.repeat(deep), ''],
  ['links', '<ac:link><ri:page ri:content-title="T"/><ac:link-body>'.repeat(deep), ''],
  ['stray end tags below open elements', '<div>'.repeat(deep), '</x>'.repeat(deep)],
])('50,000 nested %s keep their text', (_, before, after) => {
  expect(render(`${before}kept${after}`, links).html).toContain('kept')
})

test('what is nested 100,000 deep is left out with its text, and counted', () => {
  const { html, losses } = render(`${'<b>'.repeat(200_000)}gone${'</b>'.repeat(200_000)}kept`, links)

  expect(losses).toEqual({ depth: 100_000 })
  expect(html.endsWith('</b>kept')).toBe(true)
  expect(html).not.toContain('gone')
})

test('50,000 nested parameters, bodies and extensions are passed over', () => {
  const nested = [
    '<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>',
    '<ac:structured-macro ac:name="code"><ac:plain-text-body>',
    '<ac:adf-extension><ac:adf-node>',
    '<ac:image><ac:caption>',
  ]
  for (const start of nested) expect(() => render(start.repeat(deep), links)).not.toThrow()
})

/** Boxes only keep neighbours apart; what they hold is what counts here. */
function withoutBoxes(html: string): string {
  return html.replace(/<\/?div>/g, '')
}
