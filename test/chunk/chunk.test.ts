import { describe, expect, test } from 'vitest'
import { chunk } from '../../src/chunk/chunk.ts'
import { countTokens } from '../../src/chunk/tokens.ts'

const LIMIT = 512

/** About `tokens` tokens of prose in sentences of ten words. */
function prose(tokens: number, word = 'word'): string {
  return Array.from({ length: Math.round(tokens / 11) }, () => `A${` ${word}`.repeat(9)}.`).join(' ')
}

function shapes(markdown: string): { headings: readonly string[]; text: string }[] {
  return chunk('doc', markdown).map(({ headings, text }) => ({ headings, text }))
}

describe('sections', () => {
  test('a short page is one chunk under its only heading', () => {
    const markdown = '# Guide\n\nIntro.\n\n## Install\n\nRun it.\n\n## Use\n\nUse it.\n'

    expect(shapes(markdown)).toEqual([{ headings: ['Guide'], text: markdown.trimEnd() }])
  })

  test('large sections stay apart, each with its path; a small one joins a sibling', () => {
    const [install, linux, mac, use] = [prose(350), prose(60), prose(60), prose(350)]
    const sections = [
      `# Guide\n\n## Install\n\n${install}`,
      `### Linux\n\n${linux}\n\n### Mac\n\n${mac}`,
      `## Use\n\n${use}`,
    ]

    expect(shapes(sections.join('\n\n'))).toEqual([
      { headings: ['Guide', 'Install'], text: sections[0] },
      { headings: ['Guide', 'Install'], text: sections[1] },
      { headings: ['Guide', 'Use'], text: sections[2] },
    ])
  })

  test('the rest of a cut section does not join the next one, which would hide whose it is', () => {
    const chunks = chunk('doc', `# A\n\n${prose(560)}\n\n# B\n\nShort.`)

    expect(chunks.map(({ headings }) => headings)).toEqual([['A'], ['A'], ['B']])
  })

  test('a cut section gives chunks of even size within what is aimed at', () => {
    const chunks = chunk('doc', `# A\n\n${Array.from({ length: 12 }, () => prose(99)).join('\n\n')}`)

    for (const { tokens } of chunks) {
      expect(tokens).toBeGreaterThan(200)
      expect(tokens).toBeLessThan(450)
    }
  })

  test.each([
    ['headings alone', '# A\n\n## B\n\n## C', [['A']]],
    ['one heading', '# A', [['A']]],
    ['text before the first heading', 'Hello.\n\n# A\n\nText.', [[]]],
    ['an empty heading', '#\n\nText.', [[]]],
    ['closing hashes', '## C# ##\n\nText.', [['C#']]],
    [
      'markup in a heading',
      '# **Use** `a_b`, [the *API*](https://x.test/a) \\<T\\> snake_case\n\nText.',
      [['Use a_b, the API <T> snake_case']],
    ],
    ['a hash without a space, or too many', '#tag\n\n####### x', [[]]],
    ['hashes in a fence', '# A\n\n```sh\n# comment\n```\n\n~~~\n# x\n```\n# y\n~~~', [['A']]],
    ['hashes in code under a list item', '# A\n\n- item\n\n  ```\n  # no\n  ```\n\n  # no', [['A']]],
    ['hashes in indented code', '# A\n\n    # no', [['A']]],
    ['nothing', ' \n\n', [[]]],
  ])('%s', (_, markdown, headings) => {
    expect(chunk('doc', markdown).map((one) => one.headings)).toEqual(headings)
  })

  test.each(['##', '#'])(
    'a heading without text goes with the %s heading behind it, not with what is before it',
    (marks) => {
      const texts = chunk('doc', `# A\n\n${prose(380)}\n\n# B\n\n${marks} C\n\n${prose(380)}`).map(({ text }) => text)

      expect(texts).toHaveLength(2)
      expect(texts[1]?.startsWith(`# B\n\n${marks} C\n\nA word`)).toBe(true)
    },
  )

  test('a path of endless headings is cut, the limit holds', () => {
    const markdown = [1, 2, 3, 4, 5, 6].map((level) => `${'#'.repeat(level)} ${'知识'.repeat(300)}`).join('\n\n')
    const chunks = chunk('doc', `${markdown}\n\nText.`)

    expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(LIMIT)
    expect(chunks.at(-1)?.headings).toHaveLength(6)
  })
})

describe('what is too large alone', () => {
  test('a fence is reopened with its language', () => {
    const code = Array.from({ length: 120 }, (_, line) => `const value${line} = compute(${line})`).join('\n')
    const markdown = `# A\n\n\`\`\`\`ts\n${code}\n\`\`\`\``
    const texts = chunk('doc', markdown).map(({ text }) => text)

    expect(texts.length).toBeGreaterThan(2)
    for (const [index, text] of texts.entries()) {
      expect(text).toMatch(index === 0 ? /^# A\n\n````ts\n/ : /^````ts\nconst value/)
      expect(text).toMatch(/\n````$/)
    }
    const inner = texts.map((text) => text.replace(/^(?:# A\n\n)?````ts\n/, '').replace(/\n````$/, ''))
    expect(inner.join('\n')).toBe(code)
  })

  test('a fence in a list item and one in a quote keep their place', () => {
    const code = Array.from({ length: 120 }, (_, line) => `run step ${line} --of 120`)
    const item = chunk('doc', `- Do:\n\n  \`\`\`sh\n${code.map((line) => `  ${line}`).join('\n')}\n  \`\`\``)
    const quote = chunk('doc', `> \`\`\`sh\n${code.map((line) => `> ${line}`).join('\n')}\n> \`\`\``)

    for (const { text } of item.slice(1)) expect(text).toMatch(/^ {2}```sh\n {2}run step .* {2}```$/s)
    for (const { text } of quote.slice(1)) expect(text).toMatch(/^> ```sh\n> run step .*> ```$/s)
    expect(Math.min(item.length, quote.length)).toBeGreaterThan(1)
  })

  test('a table repeats its header, and no row is cut', () => {
    const rows = Array.from({ length: 90 }, (_, row) => `| Setting ${row} | what it does | ${row * 7} |`)
    const header = '| Name | Meaning | Default |\n| --- | :-: | ---: |'
    const texts = chunk('doc', `${header}\n${rows.join('\n')}`).map(({ text }) => text)

    expect(texts.length).toBeGreaterThan(2)
    for (const text of texts) expect(text.startsWith(`${header}\n| Setting`)).toBe(true)
    expect(texts.flatMap((text) => text.split('\n').slice(2))).toEqual(rows)
  })

  test('an item that fits is not cut, even if its heading has to stand alone', () => {
    const item = `- ${prose(231)}\n\n  ${prose(231)}`
    const texts = chunk('doc', `# ${'A heading of some length '.repeat(6)}\n\n${item}`).map(({ text }) => text)

    expect(texts.at(-1)).toBe(item)
  })

  test('a list is cut between its items, an item between its blocks', () => {
    const items = Array.from({ length: 30 }, (_, item) => `- Item ${item} ${prose(33)}\n  - nested ${item}`)
    const texts = chunk('doc', items.join('\n')).map(({ text }) => text)
    expect(texts.join('\n')).toBe(items.join('\n'))
    for (const text of texts) expect(text).toMatch(/^- Item .*- nested \d+$/s)

    const item = chunk('doc', `1. First ${prose(297)}\n\n   ${prose(297, 'other')}`).map(({ text }) => text)
    expect(item).toEqual([`1. First ${prose(297)}`, `   ${prose(297, 'other')}`])
  })

  test('an empty item does not swallow what follows the list', () => {
    const list = '- a\n-\n- b'
    const code = Array.from({ length: 60 }, (_, line) => `line ${line} of the code`).join('\n')
    const texts = chunk('doc', `${list}\n\n${prose(380)}\n\n\`\`\`\n${code}\n\`\`\``).map(({ text }) => text)

    expect(texts.at(-1)).toBe(`\`\`\`\n${code}\n\`\`\``)
  })

  test('a paragraph is cut after sentences, a sentence between words, a word at last', () => {
    for (const { text } of chunk('doc', prose(2000))) expect(text).toMatch(/^A word.*\.$/)
    for (const { text } of chunk('doc', 'word '.repeat(2000))) expect(text).toMatch(/^word.*word$/)
    expect(
      chunk('doc', '🙂'.repeat(2000))
        .map(({ text }) => text)
        .join(''),
    ).toBe('🙂'.repeat(2000))
  })

  test('a list stays whole where it fits, and takes along the line that leads to it', () => {
    const list = Array.from({ length: 40 }, (_, item) => `- choose the option ${item}`).join('\n')
    const texts = chunk('doc', `${prose(250)}\n\nThe steps:\n\n${list}`).map(({ text }) => text)

    expect(texts.at(-1)).toMatch(/^(The steps:\n\n)?- choose the option 0\n/)
    expect(texts.at(-1)).toContain(list)
  })
})

describe('ids', () => {
  const markdown = '# A\n\nSame.\n\n# B\n\nOther.'

  test('are the same for the same text, other for another document or path', () => {
    const id = (document: string, text: string) => chunk(document, text).map((one) => one.id)

    expect(id('doc', markdown)).toEqual(id('doc', markdown))
    expect(id('doc', markdown)).not.toEqual(id('doc2', markdown))
    expect(id('doc', markdown)[0]).toMatch(/^[0-9a-f]{24}$/)
  })

  test('differ between equal chunks of one document', () => {
    const same = `# A\n\n${prose(380)}\n\n`
    const ids = chunk('doc', same.repeat(3)).map(({ id }) => id)

    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(3)
  })

  test('of chunks before an edit stay', () => {
    const [a, b] = [`# A\n\n${prose(380)}\n\n`, `# B\n\n${prose(380)}\n\n`]

    expect(chunk('doc', a + b)[0]?.id).toBe(chunk('doc', `${a}# C\n\n${prose(380, 'new')}`)[0]?.id)
  })
})

test('tokens counts the heading path and the text', () => {
  const [only] = chunk('doc', '# A guide\n\nText.')

  expect(only?.tokens).toBe(countTokens('A guide\n\n# A guide\n\nText.'))
})
