import { expect, test } from 'vitest'
import { compare, MEASURES } from './compare.ts'
import { readMarkdown } from './read-markdown.ts'
import { readStorage } from './read-storage.ts'

const page = `
  <h2>Set<em>up</em> &amp; run</h2>
  <p>See <ac:link ac:anchor="Top"><ri:page ri:content-title="Run"/><ac:link-body>the <b>runbook</b></ac:link-body></ac:link>.</p>
  <ac:structured-macro ac:name="info"><ac:parameter ac:name="icon">hollow</ac:parameter><ac:rich-text-body><p>Mind the gap</p></ac:rich-text-body></ac:structured-macro>
  <ul><li>one<ul><li>one a</li></ul></li><li>two</li></ul>
  <table><tr><th>Key</th><th>Value</th></tr><tr><td>a</td><td><ul><li>x</li></ul></td></tr></table>
  <ac:image><ri:attachment ri:filename="flow.png"/></ac:image>
  <ac:structured-macro ac:name="code"><ac:parameter ac:name="language">js</ac:parameter><ac:plain-text-body><![CDATA[if (a && b)
  c()]]></ac:plain-text-body></ac:structured-macro>
  <p style="display: none">secret note</p>`

const faithful = `
## Set*up* & run

See [the **runbook**](https://wiki.example/wiki/spaces/OWN/Run#Top).

> **Info**
>
> Mind the gap

- one
  - one a
- two

| Key | Value |
| --- | --- |
| a | - x |

![flow.png](https://wiki.example/wiki/files/OWN/flow.png)

\`\`\`js
if (a && b)
  c()
\`\`\`
`

test('faithful markdown misses nothing', () => {
  expect(missed(faithful)).toEqual([])
})

test.each([
  ['a word', 'Mind the gap', 'Mind gap', ['words']],
  ['a word that is cut in two', 'Set*up*', 'Set up', ['words', 'headings']],
  ['a level', '## Set', '### Set', ['headings']],
  ['an item that joins the one above it', '\n- two', ' - two', ['items']],
  ['a cell', '| a | - x |', '| a - x | |', ['cells']],
  ['an indent in code', '\n  c()', '\nc()', ['code']],
  ['a language', '```js', '```', ['code']],
  ['an anchor', '#Top', '', ['links']],
  ['a space key', '/OWN/Run', '/OPS/Run', ['links']],
  ['an image', '![flow.png]', '[flow.png]', ['images']],
  ['a parameter that leaks', '**Info**', '**Info hollow**', ['unseen']],
  ['a hidden paragraph that leaks', '**Info**', '**Info** secret note', ['unseen']],
])('%s is noticed', (_, from, to, measures) => {
  expect(faithful).toContain(from)
  expect(missed(faithful.replace(from, to))).toEqual(measures)
})

function missed(markdown: string): readonly string[] {
  const scores = compare(readStorage(page), readMarkdown(markdown))
  return MEASURES.filter((measure) => scores[measure].wrong.length > 0)
}
