/** Documents that are made to take a process down, or that a broken tool left behind. */

/** `html` goes into every source that has HTML; `tabs`, where told, into Google Docs, which otherwise gets it as plain text. */
export interface Poison {
  readonly name: string
  /** Makes it: some are 100 MB. */
  html(): string
  tabs?(): readonly Readonly<Record<string, unknown>>[]
  /** What the answer says in place of `STAND_IN`: bytes that JSON.stringify would not write, so many times. */
  readonly bytes?: { readonly piece: Buffer; readonly times: number }
}

/** A word of a body that the server replaces by `bytes`. */
export const STAND_IN = 'BYTES-STAND-HERE'

const MB = 1_000_000

export const poisons: readonly Poison[] = [
  {
    name: '50,000 elements deep',
    html: () => `${'<div><em>'.repeat(25_000)}word${'</em></div>'.repeat(25_000)}`,
    tabs: () => [tab([deepTable(500)])],
  },
  { name: '100 MB page', html: () => filled(100 * MB, sentence) },
  {
    name: '100 MB of small parts',
    html: () => filled(100 * MB, (at) => `<p>Step <b>${at}</b></p>`),
    tabs: () => [tab(Array.from({ length: 500_000 }, (_, at) => paragraph([run(`Step ${at}. `), run(sentence(at))])))],
  },
  {
    name: '50,000-row table',
    html: () => `<table>${rows(50_000, 6)}</table>`,
    tabs: () => [tab([table(50_000, 6)])],
  },
  { name: 'NUL and control characters', html: () => filled(MB, (at) => `<p>a\0b\u0001${at}\u0008\u001b[31m</p>`) },
  { name: 'lone surrogates', html: () => filled(MB, (at) => `<p>\ud83d${at}\udc00\ud800</p>`) },
  {
    name: 'data-URI bombs',
    html: () =>
      filled(60 * MB, () => `<p>x<img alt="x" src="data:image/png;base64,${'iVBORw0KGgo'.repeat(100_000)}"></p>`),
  },
  {
    name: '1,000,000 links',
    html: () =>
      `<p>${Array.from({ length: MB }, (_, at) => `<a href="https://example.com/${at}">${at}</a>`).join(' ')}</p>`,
    tabs: () => [tab([paragraph(Array.from({ length: 200_000 }, (_, at) => run(`${at} `, link(at))))])],
  },
  { name: 'one word of 20 MB', html: () => `<p>${'a'.repeat(20 * MB)}</p>` },
  { name: '20 MB of open tags', html: () => '<b><i><a href="x"><table><tr><td>'.repeat(600_000) },
  {
    name: 'mojibake',
    html: () => filled(MB, (at) => `<p>Ã©tÃ© â€œ${at}â€\u009d ï¿½ ${STAND_IN}</p>`),
    bytes: { piece: Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0xf8]), times: 1 },
  },
  {
    name: 'zip bomb of 400 MB',
    html: () => `<p>${STAND_IN}</p>`,
    bytes: { piece: Buffer.alloc(4 * MB, 'bomb '), times: 100 },
  },
]

function sentence(at: number): string {
  return `<p>Sentence ${at} says how to reset device ${at % 977}: hold its button for ${at % 60} seconds, and wait.</p>\n`
}

function filled(length: number, piece: (at: number) => string): string {
  const pieces: string[] = []
  for (let written = 0; written < length; written += pieces.at(-1)?.length ?? 0) pieces.push(piece(pieces.length))
  return pieces.join('')
}

function rows(count: number, columns: number): string {
  const cells = (at: number) => Array.from({ length: columns }, (_, column) => `<td>cell ${at}.${column}</td>`).join('')
  return Array.from({ length: count }, (_, at) => `<tr>${cells(at)}</tr>`).join('')
}

// --- the same for Google Docs, as its API answers ---------------------------------------------------------------

type Fields = Readonly<Record<string, unknown>>

function tab(content: readonly Fields[]): Fields {
  return { tabProperties: { tabId: 't.0', title: 'Tab 1', index: 0 }, documentTab: { body: { content } } }
}

function paragraph(elements: readonly Fields[]): Fields {
  return { startIndex: 1, endIndex: 2, paragraph: { elements, paragraphStyle: { namedStyleType: 'NORMAL_TEXT' } } }
}

function run(content: string, textStyle: Fields = {}): Fields {
  return { startIndex: 1, endIndex: 2, textRun: { content, textStyle } }
}

function link(at: number): Fields {
  return { link: { url: `https://example.com/${at}` } }
}

function table(count: number, columns: number): Fields {
  const cell = (text: string) => ({ content: [paragraph([run(text)])], tableCellStyle: {} })
  const tableRows = Array.from({ length: count }, (_, at) => ({
    tableCells: Array.from({ length: columns }, (_, column) => cell(`cell ${at}.${column}`)),
  }))
  return { startIndex: 1, endIndex: 2, table: { rows: count, columns, tableRows } }
}

function deepTable(depth: number): Fields {
  let content = paragraph([run('word')])
  for (let at = 0; at < depth; at++) {
    content = { table: { rows: 1, columns: 1, tableRows: [{ tableCells: [{ content: [content] }] }] } }
  }
  return content
}
