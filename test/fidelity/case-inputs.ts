/** What other converters' own tests feed in and expect, from the samples. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, linesBelow, SAMPLES } from './inputs.ts'

export interface Case {
  /** Path below the samples, with the line of a file of many: `peer-cases/a.jsonl#3`. */
  readonly name: string
  /** The tool whose case it is: a folder or file among the samples. */
  readonly origin: string
  /** What the tool's test is called, or the file that it compares with. */
  readonly about: string
  readonly inputs: readonly { readonly format: 'storage' | 'adf'; readonly text: string }[]
  readonly asserts: readonly Assert[]
}

export type Assert =
  | { readonly kind: 'contains' | 'not contains' | 'equal'; readonly text: string }
  /** A whole page, in the tool's markdown or, for a tree of blocks, its words alone. */
  | { readonly kind: 'page'; readonly text: string; readonly format: 'markdown' | 'words' }

/** Null where the samples are not at hand. */
export function readCases(): readonly Case[] | null {
  return existsSync(SAMPLES) ? [...peerCases(), ...expectedPages()] : null
}

function peerCases(): readonly Case[] {
  return linesBelow('peer-cases').map(({ name, line }) => ({
    name,
    origin: /([\w-]+)\.jsonl/.exec(name)?.[1] ?? name,
    about: String(line['id']),
    inputs: strings(line['input']).map((text) => ({ format: 'storage', text })),
    asserts: [
      ...asserts('contains', line['expect_contains']),
      ...asserts('not contains', line['expect_not_contains']),
      ...asserts('equal', line['expect_equal']),
    ],
  }))
}

/** Each expected text once. */
function asserts(kind: 'contains' | 'not contains' | 'equal', texts: unknown): readonly Assert[] {
  return [...new Set(strings(texts))].map((text) => ({ kind, text }))
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Files side by side: `page.xml` and `expected.md` or the `source.md` that it was made from; `a.json` and `a.md`. */
function expectedPages(): readonly Case[] {
  return [...filesBelow('storage'), ...filesBelow('adf')].flatMap((file) => {
    const input = inputOf(file)
    if (input === undefined) return []
    const format = file.endsWith('.json') ? 'words' : 'markdown'
    const text = format === 'words' ? wordsOfBlocks(read(file)) : read(file)
    return [
      {
        name: input,
        origin: input.split('/')[1] ?? input,
        about: file,
        inputs: [{ format: input.startsWith('adf/') ? ('adf' as const) : ('storage' as const), text: read(input) }],
        asserts: [{ kind: 'page' as const, text, format }],
      },
    ]
  })
}

/** The input that a file is the expected output of; undefined for every other file. */
function inputOf(file: string): string | undefined {
  const folder = file.replace(/[^/]+$/, '')
  const name = file.slice(folder.length)
  const stem = name.replace(/(\.expected)?\.(md|json)$/, '')
  const beside: readonly string[] = /^(expected|source)\.md$/.test(name)
    ? ['input.xml', 'page.xml', `${folder.split('/').at(-2)}.html`, `${folder.split('/').at(-2)}.xml`]
    : name.endsWith('.md') || name.endsWith('.expected.json')
      ? [`${stem}.xhtml`, `${stem}.adf.json`, `${stem}.input.json`, `${stem}.json`]
      : []
  return beside.map((one) => `${folder}${one}`).find((path) => existsSync(join(SAMPLES, path)))
}

function wordsOfBlocks(json: string): string {
  const words: string[] = []
  JSON.parse(json, (key, value) => {
    if (key === 'content' && typeof value === 'string') words.push(value)
    return value
  })
  return words.join('\n\n')
}

function read(file: string): string {
  return readFileSync(join(SAMPLES, file), 'utf8')
}
