/** A short version of `npm run hidden`, and what its cases can't say. */
import { expect, test } from 'vitest'
import { PLAIN_LOOK, visibilityOf } from '../../src/core/visibility/hidden.ts'
import { styleSheetOf } from '../../src/core/visibility/style-sheet.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { CASES, faultOf } from './cases.ts'
import { lossOfFixtures } from './real-pages.ts'

test('what no reader sees is not stored, and what they see is', () => {
  expect(CASES.filter(({ isSeen }) => !isSeen).length).toBeGreaterThanOrEqual(500)
  expect(CASES.flatMap((each) => (faultOf(each) === null ? [] : [each.name]))).toEqual([])
})

test('of the pages of the fixtures no word is lost', () => {
  expect(lossOfFixtures()).toMatchObject({ lost: 0, examples: [] })
})

test('each element that disappears is told as a loss, once', () => {
  const html =
    '<style>.a{display:none}</style><p>x<b class="a">y<i class="a">z</i></b> <span style="color:#fff">w</span></p>'

  expect(toMarkdown({ html })).toMatchObject({ markdown: 'x\n', losses: { 'hidden-element': 3 } })
})

test.each([
  ['what names the element more exactly holds', '<style>b{display:none}b.a{display:inline}</style>', true],
  ['of two rules the last one holds', '<style>.a{display:none}.a{display:inline}</style>', true],
  ['a sheet for other devices is none', '<style media="print">.a{display:none}</style>', true],
  ['a sheet for screens is one', '<style media=screen>.a{display:none}</style>', false],
  ['rules behind a group of others', '<style>@media print{.a{color:red}} .a{display:none}</style>', false],
  ['rules behind an import', '<style>@import url(x.css); .a{display:none}</style>', false],
  ['a sheet that is left open', '<style>.a{display:none}', true],
  ['braces that fit nowhere', '<style>}}.a{display:none}</style>', false],
])('%s', (_, sheet, isSeen) => {
  const { gone } = visibilityOf('b', new Map([['class', 'a']]), PLAIN_LOOK, styleSheetOf(sheet))

  expect(gone).toBe(!isSeen)
})
