import { expect, test } from 'vitest'
import type { Assert } from './case-inputs.ts'
import { judge } from './case-judge.ts'

const ours = `
## Setup

> **Info**
>
> Mind the gap

- one
- [the runbook](https://wiki.example/wiki/spaces/OPS/Run%20book)

| Key | Value |
| --- | --- |
| a | x<br>y |

![flow](https://wiki.example/wiki/files/OWN/flow.png)

\`\`\`js
c()
\`\`\`
`

function holds(assert: Assert): boolean {
  return judge(assert, ours).every(({ missing }) => missing.length === 0)
}

test.each([
  ['another spelling of emphasis', '*Mind* the gap', true],
  ['another spelling of a callout', '> [!NOTE] Mind the gap', true],
  ['a heading', '## Setup', true],
  ['a heading of another level', '### Setup', false],
  ['words in another order', 'the Mind gap', false],
  ['words that are not there', 'Mind the step', false],
  ['a page by its name', '[the runbook](https://confluence.example.com/display/OPS/Run+book)', true],
  ['another page', '[the runbook](https://confluence.example.com/display/OPS/Home)', false],
  ['an address elsewhere that only ends alike', '[the runbook](https://x.example/Run%20book)', false],
  ['a file by its name', '![flow](OWN_flow.png)', true],
  ['another file', '![flow](plan.png)', false],
  ['code', '```\nc()\n```', true],
  ['code in another language', '```py\nc()\n```', false],
  ['a table, of whatever shape', '<table>', true],
  ['a bare mark', '> [!NOTE]', false],
])('contains: %s', (_what, text, expected) => expect(holds({ kind: 'contains', text })).toBe(expected))

test('not contains is judged to the letter', () => {
  expect(holds({ kind: 'not contains', text: '<br>' })).toBe(false)
  expect(holds({ kind: 'not contains', text: '**Mind**' })).toBe(true)
})

test('a page is judged part by part', () => {
  const page =
    '# Setup\n\n!!! info "Mind"\n    the gap\n\n    - one\n\n~~~panel type=info title="Key"\nValue\n~~~\n\n```js\nd()\n```\n'
  const verdicts = judge({ kind: 'page', text: page, format: 'markdown' }, ours)
  expect(verdicts.map(({ what, missing }) => [what, missing])).toEqual([
    ['words', ['d']],
    ['headings', ['1 setup']],
    ['items', []],
    ['code', ['js\nd()']],
  ])
})
