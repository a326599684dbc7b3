import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { render } from '../../connectors/google-docs/render.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { keptOf } from '../fidelity/compare.ts'
import { readMarkdown } from '../fidelity/read-markdown.ts'
import { wordsOf } from '../fidelity/reading.ts'
import { samples } from './google-docs-samples.ts'

const SAMPLES = resolve(import.meta.dirname, '../../../shared/samples/gdocs/documents')
const missing = `the samples of documents are not at ${SAMPLES}`
const MULTI_TAB = 'google-docs-markdown/Markdown_Conversion_Example_-_Multi-Tab.json'
const URL = 'https://docs.google.com/document/d/D/edit'

type Value = Readonly<Record<string, unknown>>

function sampleText(name: string): string {
  return readFileSync(join(SAMPLES, name), 'utf8')
}

describe('samples', () => {
  test.for(samples)('$document keeps what $expected has', ({ document, expected, rewrites }, { skip }) => {
    if (!existsSync(SAMPLES)) skip(missing)
    expect(rewrites.filter(({ pattern }) => sampleText(expected).search(pattern) === -1)).toEqual([])
    const peers = rewrites.reduce((text, { pattern, by }) => text.replace(pattern, by), sampleText(expected))
    const theirs = readMarkdown(peers)
    const ours = readMarkdown(markdownOf(JSON.parse(sampleText(document))))
    for (const measure of ['headings', 'items', 'cells', 'code', 'links', 'images'] as const)
      expect(keptOf(theirs[measure], ours[measure]).wrong, measure).toEqual([])
    expect(keptOf(wordsOf(theirs.text), wordsOf(ours.text)).wrong, 'words').toEqual([])
    expect(ours.headings.filter((heading) => theirs.headings.includes(heading))).toEqual(theirs.headings)
  })

  test.for([...samples.map(({ document }) => document), 'google-docs-mustaches/template.json'])(
    '%s: every word of the answer is in the markdown',
    (document, { skip }) => {
      if (!existsSync(SAMPLES)) skip(missing)
      const answer: unknown = JSON.parse(sampleText(document))
      const ours = wordsOf(readMarkdown(markdownOf(answer)).text)
      expect(keptOf(wordsOf(shownTexts(answer).join('')), ours).wrong).toEqual([])
    },
  )

  test('tabs keep their order, child tabs behind their parents, each with its address', ({ skip }) => {
    if (!existsSync(SAMPLES)) skip(missing)
    const { html } = render(JSON.parse(sampleText(MULTI_TAB)), URL)
    const headings = [...html.matchAll(/<h(\d)><a href="[^"]*\?tab=([^"#]*)">([^<]*)/g)].map((found) => found.slice(1))
    expect(headings).toEqual([
      ['1', 't.0', 'First tab'],
      ['1', 't.ytrmrxold3qv', 'Tab with child tab'],
      ['2', 't.lkp7hl41vf2d', 'Child tab'],
      ['3', 't.a2r49ovghki6', 'Grandchild tab'],
    ])
  })

  test('no address of a picture’s bytes comes through', ({ skip }) => {
    if (!existsSync(SAMPLES)) skip(missing)
    for (const { document } of samples)
      expect(render(JSON.parse(sampleText(document)), URL).html).not.toContain('googleusercontent')
  })
})

describe('paragraphs', () => {
  test.each<[string, Value[], string]>([
    [
      'marks',
      [run('a '), run('b', { bold: true }), run('c', { italic: true, strikethrough: true })],
      '<p>a <b>b</b><i><s>c</s></i></p>',
    ],
    ['a soft line break', [run('a\vb\n')], '<p>a<br>b</p>'],
    ['signs of HTML', [run('<a> & "b"\n')], '<p>&lt;a&gt; &amp; &quot;b&quot;</p>'],
    [
      'a proposed insertion',
      [run('kept'), { textRun: { content: 'new', suggestedInsertionIds: ['s'] } }],
      '<p>kept</p>',
    ],
    ['a proposed deletion', [{ textRun: { content: 'stays', suggestedDeletionIds: ['s'] } }], '<p>stays</p>'],
    [
      'a web link',
      [run('a', { link: { url: 'https://example.com/?a&b' } })],
      '<p><a href="https://example.com/?a&amp;b">a</a></p>',
    ],
    [
      'a link to a heading',
      [run('a', { link: { heading: { id: 'h.1', tabId: 't.2' } } })],
      `<p><a href="${URL}?tab=t.2#heading=h.1">a</a></p>`,
    ],
    [
      'a link to a heading, old form',
      [run('a', { link: { headingId: 'h.1' } })],
      `<p><a href="${URL}#heading=h.1">a</a></p>`,
    ],
    ['a link to a tab', [run('a', { link: { tabId: 't.2' } })], `<p><a href="${URL}?tab=t.2">a</a></p>`],
    [
      'a link to a bookmark',
      [run('a', { link: { bookmark: { id: 'id.1', tabId: 't.2' } } })],
      `<p><a href="${URL}?tab=t.2#bookmark=id.1">a</a></p>`,
    ],
    [
      'a person',
      [{ person: { personProperties: { name: 'Ada', email: 'ada@example.com' } } }],
      '<p><a href="mailto:ada@example.com">Ada</a></p>',
    ],
    [
      'a rich link',
      [{ richLink: { richLinkProperties: { title: 'Plan', uri: 'https://example.com' } } }],
      '<p><a href="https://example.com">Plan</a></p>',
    ],
    [
      'a date',
      [{ dateElement: { dateElementProperties: { displayText: '8 Jan', timestamp: '2026-01-08T12:00:00Z' } } }],
      '<p>8 Jan</p>',
    ],
    ['a rule', [run('a'), { horizontalRule: {} }, run('b')], '<p>a</p><hr><p>b</p>'],
    ['a page break', [{ pageBreak: {} }, run('\n')], ''],
    ['inline code', [run('a '), run('npm ci', mono)], '<p>a <code>npm ci</code></p>'],
    ['what is no element', [{ surprise: {} }, { textRun: 7 }], ''],
  ])('%s', (_, elements, html) => {
    expect(render(documentOf([{ paragraph: { elements } }]), URL).html).toBe(html)
  })

  test.each<[string, Value, string, Value]>([
    ['an equation', { equation: {} }, '<p>[equation]</p>', { equation: 1 }],
    [
      'a picture without a description',
      { inlineObjectElement: { inlineObjectId: 'i.1' } },
      `<p><a href="${URL}#object=i.1">image</a></p>`,
      { image: 1 },
    ],
    [
      'a picture with one',
      { inlineObjectElement: { inlineObjectId: 'i.2' } },
      `<p><a href="${URL}#object=i.2">A lake</a></p>`,
      {},
    ],
    [
      'a drawing',
      { inlineObjectElement: { inlineObjectId: 'i.3' } },
      `<p><a href="${URL}#object=i.3">drawing</a></p>`,
      { drawing: 1 },
    ],
  ])('%s', (_, element, html, losses) => {
    const inlineObjects = {
      'i.1': objectOf({ imageProperties: { contentUri: 'https://bytes.example.com' } }),
      'i.2': objectOf({ description: 'A lake' }),
      'i.3': objectOf({ embeddedDrawingProperties: {} }),
    }
    expect(render(documentOf([{ paragraph: { elements: [element] } }], { inlineObjects }), URL)).toEqual({
      html,
      losses,
    })
  })

  test('monospaced paragraphs in a row are one code block, with their indents and blank lines', () => {
    const lines = ['\uE907if (a)\n', '  b()\n', '\n', 'c()\n'].map((text) => paragraph([run(text, mono)]))
    const { html } = render(documentOf([...lines, paragraph([run('\n')]), paragraph([run('text')])]), URL)
    expect(html).toBe('<pre><code>if (a)\n  b()\n\nc()</code></pre><p>text</p>')
  })

  test('where ordinary text is monospaced, that makes no code', () => {
    const namedStyles = { styles: [{ namedStyleType: 'NORMAL_TEXT', textStyle: mono }] }
    expect(render(documentOf([paragraph([run('text', mono)])], { namedStyles }), URL).html).toBe('<p>text</p>')
  })

  test('footnotes stand behind the text, each once, in the order of their numbers', () => {
    const reference = (id: string) => ({ footnoteReference: { footnoteId: id, footnoteNumber: '9' } })
    const footnotes = {
      one: { content: [paragraph([run(' First\n')])] },
      two: { content: [paragraph([run(' Second'), reference('one')])] },
    }
    const { html } = render(documentOf([paragraph([run('a'), reference('two'), reference('two')])], { footnotes }), URL)
    expect(html).toBe('<p>a<sup>[1]</sup><sup>[1]</sup></p><p>[1] Second<sup>[2]</sup></p><p>[2] First</p>')
  })
})

describe('lists', () => {
  const lists = {
    steps: levelsOf(
      { glyphType: 'DECIMAL', glyphFormat: '%0.', startNumber: 3 },
      { glyphType: 'ALPHA', glyphFormat: '%0.%1)' },
    ),
    dots: levelsOf({ glyphSymbol: '●' }, { glyphType: 'DECIMAL', glyphFormat: '%1.' }),
    ticks: levelsOf({ glyphType: 'GLYPH_TYPE_UNSPECIFIED' }),
  }

  test.each<[string, Value[], string, Value]>([
    [
      'numbers begin where the list says',
      [item('steps', 0, 'a'), item('steps', 0, 'b')],
      '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>',
      {},
    ],
    [
      'an interrupted list goes on',
      [item('steps', 0, 'a'), paragraph([run('between')]), item('steps', 0, 'b')],
      '<ol start="3"><li><p>a</p></li></ol><p>between</p><ol start="4"><li><p>b</p></li></ol>',
      {},
    ],
    [
      'each level has its own glyph, and inner numbers begin anew',
      [item('dots', 0, 'a'), item('dots', 1, 'b'), item('dots', 0, 'c'), item('dots', 1, 'd')],
      '<ul><li><p>a</p><ol start="1"><li><p>b</p></li></ol></li><li><p>c</p><ol start="1"><li><p>d</p></li></ol></li></ul>',
      {},
    ],
    [
      'a list inside an item of another',
      [item('steps', 0, 'a'), item('dots', 1, 'b'), item('steps', 0, 'c')],
      '<ol start="3"><li><p>a</p><ol start="1"><li><p>b</p></li></ol></li><li><p>c</p></li></ol>',
      {},
    ],
    [
      'one list right behind another',
      [item('dots', 0, 'a'), item('steps', 0, 'b')],
      '<ul><li><p>a</p></li></ul><ol start="3"><li><p>b</p></li></ol>',
      {},
    ],
    [
      'a blank line ends no list',
      [item('dots', 0, 'a'), paragraph([run('\n')]), item('dots', 0, 'b')],
      '<ul><li><p>a</p></li><li><p>b</p></li></ul>',
      {},
    ],
    ['a checkbox’s state is not known', [item('ticks', 0, 'a')], '<ul><li><p>a</p></li></ul>', { checkbox: 1 }],
    [
      'a numbered heading keeps its number',
      [item('steps', 0, 'A', 'HEADING_1'), item('steps', 1, 'B', 'HEADING_2')],
      '<h1>3. A</h1><h2>3.a) B</h2>',
      {},
    ],
  ])('%s', (_, content, html, losses) => {
    expect(render(documentOf(content, { lists }), URL)).toEqual({ html, losses })
  })
})

describe('tables', () => {
  test('merged cells span, and those that they cover are left out', () => {
    const wide = cell('wide', { columnSpan: 2 })
    const tall = cell('tall', { rowSpan: 2 })
    const table = { columns: 3, tableRows: [rowOf(wide, cell(''), tall), rowOf(cell('a'), cell('b'), cell(''))] }
    expect(render(documentOf([{ table }]), URL).html.replaceAll(' colspan="1" rowspan="1"', '')).toBe(
      '<table><tr><td colspan="2" rowspan="1"><p>wide</p></td><td colspan="1" rowspan="2"><p>tall</p></td></tr>' +
        '<tr><td><p>a</p></td><td><p>b</p></td></tr></table>',
    )
  })

  test('a covered cell that holds text is kept', () => {
    const table = {
      columns: 2,
      tableRows: [rowOf(cell('a', { columnSpan: 2 }), cell('odd')), rowOf(cell('b'), cell('c'))],
    }
    expect(markdownOf(documentOf([{ table }]))).toContain('odd')
  })

  test.each([
    ['a pinned row', { tableRowStyle: { tableHeader: true }, tableCells: [cell('a'), cell('b')] }],
    ['a first row in bold', rowOf(cell('a', {}, { bold: true }), cell('b', {}, { bold: true }))],
  ])('%s names the columns', (_, first) => {
    const table = { columns: 2, tableRows: [first, rowOf(cell('c'), cell('d'))] }
    expect(markdownOf(documentOf([{ table }]))).toBe('| a | b |\n| --- | --- |\n| c | d |\n')
  })

  test('a table of one cell is what it holds', () => {
    const table = { columns: 1, tableRows: [rowOf(cell('Note'))] }
    expect(render(documentOf([{ table }]), URL).html).toBe('<p>Note</p>')
  })
})

describe('what the API has learnt since', () => {
  test.each<[string, unknown, object]>([
    ['a new element of a body', documentOf([{ startIndex: 1, endIndex: 2, timeline: {} }]), { 'element:timeline': 1 }],
    [
      'a new element of a paragraph',
      documentOf([paragraph([{ endIndex: 2, emojiReaction: {} }])]),
      { 'element:emojiReaction': 1 },
    ],
    ['a name that is no name', documentOf([{ '<b>': {} }]), { element: 1 }],
    ['a tab that holds no text', { tabs: [{ tabProperties: { tabId: 't.1' } }] }, { tab: 1 }],
  ])('%s is counted', (_, document, losses) => {
    expect(render(document, URL)).toEqual({ html: '', losses })
  })

  test('what is left out on purpose is no loss', () => {
    const silent = [{ sectionBreak: {} }, { tableOfContents: {} }, paragraph([{ pageBreak: {} }, { autoText: {} }])]
    expect(render(documentOf(silent), URL)).toEqual({ html: '', losses: {} })
  })
})

describe('hostile documents', () => {
  test('tabs in tabs and tables in tables without end', () => {
    let tab: Value = {}
    for (let depth = 0; depth < 20_000; depth += 1) tab = { tabProperties: { title: 'x' }, childTabs: [tab] }
    let content: Value = paragraph([run('deep')])
    for (let depth = 0; depth < 20_000; depth += 1)
      content = { table: { tableRows: [rowOf({ content: [content] }, cell('x'))] } }
    expect(render({ tabs: [tab] }, URL).html).toContain('<h6>')
    expect(render(documentOf([content]), URL).html).toContain('deep')
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['fields of other types', { tabs: 'x', body: { content: { paragraph: 1 } } }],
    [
      'elements of other types',
      documentOf([null as never, { paragraph: { elements: [null, 3, { textRun: {} }] } }, { table: 1 }]),
    ],
  ])('%s is an empty document', (_, document) => {
    expect(render(document, URL)).toEqual({ html: '', losses: {} })
  })
})

const mono = { weightedFontFamily: { fontFamily: 'Roboto Mono' } }

function markdownOf(document: unknown): string {
  return toMarkdown(render(document, URL)).markdown
}

function documentOf(content: readonly Value[], more: Value = {}): Value {
  return { body: { content }, ...more }
}

function run(content: string, textStyle: Value = {}): Value {
  return { textRun: { content, textStyle } }
}

function paragraph(elements: readonly Value[], more: Value = {}): Value {
  return { paragraph: { elements, ...more } }
}

function item(listId: string, nestingLevel: number, text: string, namedStyleType = 'NORMAL_TEXT'): Value {
  return paragraph([run(`${text}\n`)], { bullet: { listId, nestingLevel }, paragraphStyle: { namedStyleType } })
}

function levelsOf(...nestingLevels: readonly Value[]): Value {
  return { listProperties: { nestingLevels } }
}

function cell(text: string, tableCellStyle: Value = {}, textStyle: Value = {}): Value {
  return { content: [paragraph([run(`${text}\n`, textStyle)])], tableCellStyle }
}

function rowOf(...tableCells: readonly Value[]): Value {
  return { tableCells }
}

function objectOf(embeddedObject: Value): Value {
  return { inlineObjectProperties: { embeddedObject } }
}

/** By another path than the renderer's: every text anywhere in the answer that a reader sees and nobody proposed. */
function shownTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(shownTexts)
  if (typeof value !== 'object' || value === null) return []
  const { content, title, name, displayText, suggestedInsertionIds } = value as Value
  if (Array.isArray(suggestedInsertionIds)) return []
  const inner = Object.entries(value).flatMap(([key, each]) => (UNSHOWN.includes(key) ? [] : shownTexts(each)))
  const shown = [content, 'uri' in value ? title : '', 'email' in value ? name : '', displayText]
  return [...shown.filter((text) => typeof text === 'string'), ...inner]
}

const UNSHOWN = ['tableOfContents', 'headers', 'footers', 'title']
