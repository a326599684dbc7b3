import { expect, test } from 'vitest'
import type { Body, Losses } from '../../src/core/document.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { toHtml } from './visible-text.ts'

const md = (html: string) => toMarkdown({ html }).markdown

function converted(body: Body): { markdown: string; losses: Losses } {
  const { markdown, losses } = toMarkdown(body)
  return { markdown, losses }
}

const PAIRS: readonly (readonly [name: string, html: string, markdown: string])[] = [
  ['headings and paragraphs', '<h1>A</h1><p>b</p>c<h3>D <br> e</h3>', '# A\n\nb\n\nc\n\n### D e\n'],
  ['a heading that ends in #', '<h2>C#</h2><h2>C #</h2>', '## C#\n\n## C \\#\n'],
  ['marks', '<p><b>a</b> <i>b</i> <s>c</s> <code>d</code> x<sup>2</sup>', '**a** _b_ ~~c~~ `d` x2\n'],
  ['marks that touch words', '<p><b>Name:</b>value a<i>b</i>c', '**Name**:value a*b*c\n'],
  [
    'marks beside a mail address, which stands without brackets',
    '<p><i>x</i><a href="mailto:ab@b.com">ab@b.com</a> <i><a href="mailto:ab@b.com">ab@b.com</a></i>x',
    '*x*ab@b.com *ab@b.com*x\n',
  ],
  [
    'a mail address that goes on behind its link',
    '<a href="mailto:ab@c.www">ab@c.www</a>.e* <a href="mailto:ab@c.org">ab@c.org</a>.',
    'ab@c.www\\.e\\* ab@c.org.\n',
  ],
  [
    'a site that readers link themselves, and one that something touches',
    '<b><a href="http://www.e.com">www.e.com</a></b> (<a href="http://www.e.com">www.e.com</a>). <a href="http://www.e.com">www.e.com</a>x www.e.com',
    '**www.e.com** (www.e.com). [www.e.com](http://www.e.com)x www.e.com\n',
  ],
  ['spaces inside marks', '<p>a<b> b </b>c<i> </i>d', 'a **b** c d\n'],
  ['a mark around blocks', '<b><p>a</p><p>b</p></b>', '**a**\n\n**b**\n'],
  ['line breaks', '<p>a<br>b<br><br>c<br>', 'a\\\nb\n\nc\n'],
  ['code', '<p><code>a`b</code> <code>`</code>', '``a`b`` `` ` ``\n'],
  [
    'links',
    '<a href="https://e.com/a b">x [y]</a> <a href="#top">up</a>',
    '[x \\[y\\]](https://e.com/a%20b) [up](#top)\n',
  ],
  ['a link that is its address', '<a href="https://e.com/_a_">https://e.com/_a_</a>', '<https://e.com/_a_>\n'],
  ['a linked block', '<a href="https://e.com"><h2>A</h2><p>b</p></a>', '## [A](https://e.com)\n\n[b](https://e.com)\n'],
  ['a link in code', '<code>f(<a href="https://e.com">T</a>)</code>', '`f(`[`T`](https://e.com)`)`\n'],
  ['images', '<img alt="A [b]" src="https://e.com/i.png">', '![A \\[b\\]](https://e.com/i.png)\n'],
  [
    'an image whose text has lines',
    '<img alt="\n# a\r\rb\n" src="https://e.com/i.png">',
    '![# a b](https://e.com/i.png)\n',
  ],
  [
    'placeholders of what was redacted elsewhere, which stay as they are unless that made a link',
    '<p>[PERSON_1] and [EMAIL_1]<br>[CUSTOMER_NUMBER_12]</p><p>[PERSON_1]: x</p><p><a href="https://e.com">[URL_1]</a> [IP_1](x) [a]</p>',
    '[PERSON_1] and [EMAIL_1]\\\n[CUSTOMER_NUMBER_12]\n\n\\[PERSON_1]: x\n\n[[URL_1]](https://e.com) [IP_1]\\(x) [a\\]\n',
  ],
  ['bullets', '<ul><li>a<li>b<ul><li>c</ul></ul>', '- a\n- b\n  - c\n'],
  ['numbers', '<ol start="9"><li>a<li>b<ul><li>c</ul></ol>', '9. a\n10. b\n    - c\n'],
  ['items of several blocks', '<ul><li><p>a<p>b<li>c</ul>', '- a\n\n  b\n\n- c\n'],
  ['a list directly in a list', '<ul><li>a</li><ul><li>b</li></ul></ul>', '- a\n  - b\n'],
  ['two numbered lists', '<ol><li>a</ol><ol><li>b</ol>', '1. a\n\n1) b\n'],
  ['code in an item', '<ul><li>a<pre>b\n\n  c</pre></ul>', '- a\n\n  ```\n  b\n\n    c\n  ```\n'],
  ['tasks', '<ul><li><input type=checkbox checked> a<li><p><input type=checkbox>b</ul>', '- [x] a\n- [ ] b\n'],
  ['a callout', '<blockquote><p><strong>Info: t</strong></p><ul><li>a</ul></blockquote>', '> **Info: t**\n>\n> - a\n'],
  ['a code block', '<pre><code class="language-c++">a &lt; b\n```\n</code></pre>', '````c++\na < b\n```\n````\n'],
  ['a code block of lines', '<pre data-language="sh"><div>a</div><div>b</div></pre>', '```sh\na\nb\n```\n'],
  ['a rule between texts', '<hr>a<hr><hr>b<hr>', 'a\n\n---\n\nb\n'],
  ['details', '<details><summary>S</summary>text</details>', '**S**\n\ntext\n'],
  ['definitions', '<dl><dt>T<dd>d<dd>e</dl>', '**T**\n\n- d\n- e\n'],
  ['a frame', '<iframe src="https://e.com/v" title="Film"></iframe>', '[Film](https://e.com/v)\n'],
  [
    'text that looks like markup',
    '<p># a<p>1. b<p>- c<p>+ d<p>> e<p>---<p>a | b<br>-|-<br>=',
    '\\# a\n\n1\\. b\n\n\\- c\n\n\\+ d\n\n\\> e\n\n\\---\n\na | b\\\n\\-|-\\\n\\=\n',
  ],
  [
    'text that needs no escapes',
    '<p>a_b 2 * 3 [ok] x < y R&D 1.5 C# -5 C:\\x',
    'a_b 2 * 3 [ok] x < y R&D 1.5 C# -5 C:\\x\n',
  ],
  ['literal tags and entities', '<p>&lt;T&gt; &amp;lt; *a* [b](c) _d_', '\\<T> \\&lt; \\*a\\* [b]\\(c) \\_d\\_\n'],
  ['misnested and unclosed', '<p><b>a<i>b</b>c<div>d</span></p>e', '**ab**c\n\nd\n\ne\n'],
  ['emoji and scripts', '<p>👨‍👩‍👧 می‌خواهم क्‍ष 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️', '👨‍👩‍👧 می‌خواهم क्‍ष 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️\n'],
  ['nothing', '<div> <p>&nbsp;</p><ul><li></ul><table><tr><td></table></div>', ''],
]

test.each(PAIRS)('%s', (_name, html, markdown) => {
  expect(md(html)).toBe(markdown)
})

test.each(PAIRS)('%s: shown and read back, it stays what it is', (_name, _html, markdown) => {
  expect(md(toHtml(markdown))).toBe(markdown)
})

const DROPPED: readonly (readonly [loss: string, count: number, html: string])[] = [
  ['comment', 2, 'a<!-- x --><!-- y -->b'],
  ['hidden-element', 2, 'a<script>x</script><style>y</style>b'],
  ['hidden-element', 1, 'a<span hidden>x<b>y</b></span>b'],
  ['hidden-element', 1, 'a<span style="DISPLAY : none !important">x</span>b'],
  ['hidden-element', 1, 'a<span style="font-size:0">x</span>b'],
  ['hidden-element', 1, 'a<span style="color:#FFF;background:#fff">x</span>b'],
  ['hidden-element', 1, 'a<span style="position:absolute;left:-9999px">x</span>b'],
  ['invisible-character', 4, 'a&#8203;\u202E&shy;\u{E0041}b'],
  ['unsafe-link', 3, '<a href="java&#10;script:x()">a</a><a href="data:text/html,x"></a><a href="vbscript:x">b</a>'],
  ['data-uri', 1, 'a<img src="data:image/png;base64,AAAA" alt="b">'],
]

test.each(DROPPED)('%s: counted (%i) and gone from %s', (loss, count, html) => {
  expect(converted({ html })).toEqual({ markdown: 'ab\n', losses: { [loss]: count } })
})

test("what nobody sees is not in an image's text and only encoded in an address", () => {
  expect(converted({ html: '<img alt="a\u200B\u202Eb" src="/c\u200B"><a href="/d\u202E">e</a>' })).toEqual({
    markdown: '![ab](/c%E2%80%8B)[e](/d%E2%80%AE)\n',
    losses: { 'invisible-character': 2 },
  })
})

test('what is muted comes back where a descendant shows itself', () => {
  expect(md('<div style="font-size:0">x<span style="font-size:14px">a</span></div>')).toBe('a\n')
  expect(md('<div style="visibility:hidden">x<p style="visibility:visible">a</p></div>')).toBe('a\n')
  expect(md('<div style="display:none">x<p style="display:block">a</p></div>b')).toBe('b\n')
})

test('NUL and lone surrogates become replacement characters', () => {
  expect(converted({ html: 'a\0b\uD800c&#xD800;' })).toEqual({
    markdown: 'a\uFFFDb\uFFFDc\uFFFD\n',
    losses: { 'invisible-character': 2 },
  })
})

test.each(['\u180E\u200C', 'a\u180B\u200C', '\u180E\u180B', 'a\uFE0F\u200D\u{1F468}'])(
  'what is needed only by a character that goes, goes with it: %j',
  (text) => {
    const { markdown } = toMarkdown({ markdown: `b${text}` })
    expect(toMarkdown({ markdown }).markdown).toBe(markdown)
    expect(markdown.replace(/[\w\n\u{1F468}]/gu, '')).toBe('')
  },
)

test('losses add to those the source counted', () => {
  expect(toMarkdown({ html: '<!-- -->a', losses: { 'macro:jira': 2, comment: 1 } }).losses).toEqual({
    comment: 2,
    'macro:jira': 2,
  })
})

test('markdown bodies are only made safe', () => {
  const markdown = '\n# A\r\n\r\n\r\n\r\nb\u200B <!-- c -->\n<!--\nd\n-->\n`<!--`\n```\n<!-- e -->\n\n\n\n```\n'
  expect(converted({ markdown })).toEqual({
    markdown: '# A\n\n\n\nb\n\n`<!--`\n```\n<!-- e -->\n\n\n\n```\n',
    losses: { comment: 2, 'invisible-character': 1 },
  })
})
