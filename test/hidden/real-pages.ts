/** Words of real pages that a reader sees and that are lost: what is wrongly taken for hidden would be among them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { keptOf } from '../fidelity/compare.ts'
import { markdownWords, visibleWords } from '../markdown/visible-text.ts'
import { HTML_SOURCES } from './sources.ts'

const SAMPLES = resolve(import.meta.dirname, '../../../shared/samples')
const FOLDERS = ['helpcenter-html', 'confluence/rendered-html', 'confluence/html-space-export', 'gdocs/html-export']
/** The repository's own pages, which are always there. */
const FIXTURES = resolve(import.meta.dirname, '../../fixtures/help-center')
const MOST_EXAMPLES = 5

export interface Loss {
  readonly pages: number
  readonly words: number
  readonly lost: number
  readonly examples: readonly string[]
}

export function lossOfFixtures(): Loss {
  return lossOf([FIXTURES])
}

/** Null where there are no samples. */
export function lossOfSamples(): Loss | null {
  return existsSync(SAMPLES) ? lossOf(FOLDERS.map((folder) => join(SAMPLES, folder))) : null
}

export function samplesFolder(): string {
  return SAMPLES
}

function lossOf(folders: readonly string[]): Loss {
  const loss = { pages: 0, words: 0, lost: 0, examples: [] as string[] }
  for (const { name, html } of folders.flatMap(pagesBelow)) {
    const read = HTML_SOURCES['help center'] ?? (() => '')
    const { expected, wrong } = keptOf(lettersIn(visibleWords(html)), lettersIn(markdownWords(read(html))))
    loss.pages++
    loss.words += expected
    loss.lost += wrong.length
    if (wrong.length > 0 && loss.examples.length < MOST_EXAMPLES)
      loss.examples.push(`${name}: ${wrong.slice(0, 8).join(' ')}`)
  }
  return loss
}

/** Punctuation may move from one word to the next where markup parts them. */
function lettersIn(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? [])
}

interface Page {
  readonly name: string
  readonly html: string
}

function pagesBelow(folder: string): readonly Page[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return files.flatMap((file): readonly Page[] => {
    const read = () => readFileSync(join(folder, file), 'utf8')
    if (file.endsWith('.html')) return [{ name: file, html: read() }]
    if (file.endsWith('.jsonl'))
      return read()
        .split('\n')
        .flatMap((line, at) => htmlIn(line, `${file}#${at + 1}`))
    return file.endsWith('.json') ? htmlIn(read(), file) : []
  })
}

/** Texts of JSON that are HTML. */
function htmlIn(json: string, name: string): readonly Page[] {
  if (json.trim() === '') return []
  const found: Page[] = []
  JSON.parse(json, (_, value: unknown) => {
    if (typeof value === 'string' && /<(?:p|div|ul|h\d)\b/i.test(value)) found.push({ name, html: value })
    return value
  })
  return found
}
