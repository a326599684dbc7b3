import { expect, test } from 'vitest'
import { chunk } from '../../src/chunk/chunk.ts'
import { type Faults, faultsOf, NO_FAULTS } from './judge.ts'
import type { Piece } from './sides.ts'

const sentence = 'To open the console, choose the settings page and sign in with the address that you were invited by.'
const intro = `# Guide\n\n${sentence} ${sentence}`
const code = '```sh\nopen --console\n\nopen --settings\n```'
const install = `## Install\n\n${sentence}\n\n${code}`
const header = '| Name | Text |\n| --- | --- |'
const rows = [
  '| console | where commands are typed, by whoever may |',
  '| settings | where everything else is, for administrators |',
]
const table = `${header}\n${rows.join('\n')}`
const page = `${intro}\n\n${install}\n\n${table}\n`

const good: readonly Piece[] = [
  { headings: [], text: intro },
  { headings: ['Guide'], text: install },
  { headings: ['Guide', 'Install'], text: table },
]

test('faultless chunks have no faults', () => {
  expect(faultsOf(page, good)).toEqual({ ...NO_FAULTS, chunks: 3 })
})

test('what the chunker makes of a page with a large table and a large code block has no faults', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `open --page ${i} --with "some words"`)
  const manyRows = lines.map((line, i) => `| ${i} | ${line} |`)
  const large = `${page}\n## More\n\n\`\`\`sh\n${lines.join('\n')}\n\`\`\`\n\n${header}\n${manyRows.join('\n')}\n`
  const { chunks, tooLarge, ...faults } = faultsOf(large, chunk('bench:page', large))

  expect(chunks).toBeGreaterThan(5)
  expect(tooLarge).toBe(1)
  expect({ ...faults, chunks: 0, tooLarge: 0 }).toEqual(NO_FAULTS)
})

const [cutCode = '', restOfCode = ''] = install.split('\n\nopen --settings')
const long = Array.from({ length: 40 }, () => sentence).join(' ')

test.each<[string, keyof Faults, string, readonly Piece[]]>([
  [
    'a code block that is cut without a new fence',
    'splitFences',
    page,
    [
      ...good.slice(0, 1),
      { headings: ['Guide'], text: cutCode },
      { headings: ['Guide', 'Install'], text: `open --settings${restOfCode}` },
      ...good.slice(2),
    ],
  ],
  [
    'a row that lost its header',
    'splitRows',
    page,
    [
      ...good.slice(0, 2),
      { headings: ['Guide', 'Install'], text: `${header}\n${rows[0]}` },
      { headings: ['Guide', 'Install'], text: rows[1] ?? '' },
    ],
  ],
  [
    'a row that is in no chunk',
    'splitRows',
    page,
    [...good.slice(0, 2), { headings: ['Guide', 'Install'], text: `${header}\n${rows[0]}` }],
  ],
  [
    'a path without the nearest heading',
    'lostHeadings',
    page,
    [...good.slice(0, 2), { headings: ['Guide'], text: table }],
  ],
  [
    'a path without the first heading',
    'lostHeadings',
    page,
    [...good.slice(0, 2), { headings: ['Install'], text: table }],
  ],
  ['too many tokens', 'overLimit', `# Long\n\n${long}\n`, [{ headings: [], text: `# Long\n\n${long}` }]],
  [
    'too many tokens with the path only',
    'overLimit',
    `# ${long.slice(0, 1200)}\n\n${long.slice(0, 1500)}\n`,
    [{ headings: [long.slice(0, 1200)], text: long.slice(0, 1500) }],
  ],
  [
    'a small chunk beside others',
    'under20',
    page,
    [{ headings: [], text: '# Guide' }, { headings: ['Guide'], text: `${sentence} ${sentence}` }, ...good.slice(1)],
  ],
  ['a page that is small as a whole', 'shortPages', '# Guide\n', [{ headings: [], text: '# Guide' }]],
  [
    'text that the page does not have',
    'elsewhere',
    page,
    [...good, { headings: ['Guide'], text: `${sentence.toUpperCase()} ${sentence}` }],
  ],
])('the judge finds %s', (_, fault, markdown, pieces) => {
  const { chunks, ...faults } = faultsOf(markdown, pieces)

  expect(chunks).toBe(pieces.length)
  expect(faults[fault as Exclude<keyof Faults, 'chunks'>]).toBeGreaterThan(0)
})
