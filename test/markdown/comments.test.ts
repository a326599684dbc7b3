import { expect, test } from 'vitest'
import { toMarkdown } from '../../src/markdown/from-html.ts'

const GONE: readonly (readonly [name: string, source: string, markdown: string])[] = [
  ['in a line', 'a <!-- x --> b', 'a  b'],
  ['in a word', 'a<!-- x -->b', 'ab'],
  ['at the end of a line, with spaces that would break it', 'a  <!-- x -->\nb', 'a\nb'],
  ['over lines of a paragraph', 'a <!-- x\ny --> b', 'a  b'],
  ['over lines of a quote', '> a <!-- x\n> y --> b', '> a  b'],
  ['as a block', 'a\n\n<!-- x\n\ny -->\n\nb', 'a\n\nb'],
  ['as a block between lines', 'a\n<!-- x -->\nb', 'a\n\nb'],
  ['two blocks', 'a\n\n<!-- x -->\n\n<!-- y -->\n\n    b', 'a\n\n    b'],
  ['in front of everything', '<!-- x -->\n\n    a', '    a'],
  ['that hides the rest', 'a\n\n<!-- x\n\ny', 'a'],
  ['that are short', 'a <!--> b <!---> c', 'a  b  c'],
  ['in a link', '[a<!-- x -->](https://e.com)', '[a](https://e.com)'],
  ['in a cell', '| a <!-- x --> |\n|---|\n| b |', '| a  |\n|---|\n| b |'],
  ['in a block of HTML', '<div>\n<!-- x -->\n</div>', '<div>\n\n</div>'],
  ['in an item', '- a <!-- x -->\n- b', '- a\n- b'],
  ['below code that has one as well', '`<!-- x -->` <!-- x -->', '`<!-- x -->`'],
]

test.each(GONE)('comments are gone: %s', (_name, source, markdown) => {
  expect(toMarkdown({ markdown: source }).markdown).toBe(`${markdown}\n`)
})

const EMPTIED: readonly (readonly [name: string, source: string, markdown: string])[] = [
  ['between two lists', '- a\n\n<!-- x -->\n\n- b', '- a\n\n<!-- -->\n\n- b'],
  ['between a list and code', '- a\n\n<!-- x -->\n\n    b', '- a\n\n<!-- -->\n\n    b'],
  ['behind a mark that would not end', '_a_<!-- x -->b', '_a_<!-- -->b'],
  ['in what would be a comment', '<!<!-- x -->-- a -->', '<!<!-- -->-- a -->'],
  ['in front of one that is left open', '<!-- x --> <!-- y\n\na', '<!-- --> <!-- y\n\na'],
  ['in front of HTML', '<!-- x --> *a*', '<!-- --> *a*'],
  ['one of several', 'a <!-- x -->\n\n<!-- y --> *b*', 'a <!-- -->\n\n<!-- --> *b*'],
]

test.each(EMPTIED)('comments that part what stands around them are emptied: %s', (_name, source, markdown) => {
  expect(toMarkdown({ markdown: source }).markdown).toBe(`${markdown}\n`)
})

test.each([
  ['a fence', '```html\n<!-- x -->\n```'],
  ['a fence in a quote in a list', '- > ```\n  > <!-- x -->\n  > ```'],
  ['indented code', '    <!-- x -->'],
  ['indented code with blank lines', '    a\n\n\n    <!-- x -->'],
  ['an indented block of an item', '- a\n\n      <!-- x -->'],
  ['a code span over lines', '`a\nb <!-- x -->`'],
  ['two backticks', '``a ` <!-- x -->``'],
  ['a title', '[a](b "<!-- x -->")'],
  ['a value', '<a title="<!-- x -->">b</a>'],
  ['a script', '<script>\n"<!-- x -->"\n</script>'],
  ['cells', '| a <!-- x | y --> |\n|---|---|\n| b | c |'],
  ['a text that does not end it', 'a <!-- x\n\nb -->'],
  ['an escaped sign', 'a \\<!-- x -->'],
  ['what ends an open comment of a block of HTML', '<v>\n<!--\n\n<!-->\na'],
  ['what ends an open comment of an item', '1. <!--\n<!-->\na'],
  ['a text that would be cut short', '<pre><!-- </pre> -->\n**b**'],
])('what is no comment, or is needed as it is, stays: %s', (_name, markdown) => {
  expect(toMarkdown({ markdown })).toMatchObject({ markdown: `${markdown}\n`, losses: {} })
})

test.each([
  ['open comments in a text', 'a <!-- '],
  ['comments', 'a <!-- x --> '],
  ['comments over lines', 'a <!-- x\n-->\n'],
  ['blocks', '<!-- x -->\n\n'],
  ['quoted blocks', '> <!-- x -->\n'],
  ['nested quotes', '> '],
  ['nested items', '- '],
  ['items', '- a <!-- x -->\n'],
  ['rows', '| a | <!-- x --> |\n'],
  ['marks', '*a <!-- x --> _b '],
  ['links', '[<!-- x -->]('],
  ['brackets', '[](<'],
  ['images', '![<!-- x -->'],
  ['declarations', '<!A '],
  ['instructions', '<? '],
  ['tags', '<a b="<!-- x -->" '],
  ['blanks', '<!-- x -->     '],
])('takes time in proportion to the size: %s', (_name, part) => {
  const source = `x\n\n| a | b |\n|---|---|\n${part.repeat(Math.floor(240_000 / part.length))}<!-- -->`
  const started = process.threadCpuUsage()
  toMarkdown({ markdown: source })
  expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(5_000)
})

test('a text that is too long to be parsed keeps its comments', () => {
  const markdown = `${'word '.repeat(50_001)}<!-- x -->`
  expect(toMarkdown({ markdown })).toMatchObject({ markdown: `${markdown}\n`, losses: {} })
})
