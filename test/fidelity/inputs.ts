/** The storage-format inputs among the samples: page bodies and macros of public repositories. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

export const SAMPLES = resolve(import.meta.dirname, '../../../shared/samples/confluence')

export interface Input {
  /** Path below the samples, with what tells its parts apart: `peer-cases/a.jsonl#3.1`. */
  readonly name: string
  readonly storage: string
}

export interface Inputs {
  readonly inputs: readonly Input[]
  /** Texts among the samples that are no storage format: program source, view HTML, prose, cut markup. */
  readonly passedOver: readonly Input[]
}

/** Null where the samples are not at hand. The same text counts once. */
export function readInputs(): Inputs | null {
  if (!existsSync(SAMPLES)) return null
  const files = [...storageFiles(), ...exportedBodies(), ...restBodies()]
  const fragments = [...snippets(), ...peerCases()]
  const seen = new Set<string>()
  const isNew = ({ storage }: Input) => !seen.has(storage) && seen.add(storage)
  return {
    inputs: [...files, ...fragments.filter(isStorage)].filter(isNew),
    passedOver: fragments.filter((input) => !isStorage(input)),
  }
}

/** `expected.*` and `source.md` are other tools' answers; docToolchain keeps the AsciiDoc HTML beside its storage. */
function storageFiles(): readonly Input[] {
  return filesBelow('storage')
    .filter((file) => /\.(xml|xhtml|html)$/.test(file))
    .filter((file) => !file.includes('docToolchain/') || /transformed\.html$/.test(file))
    .map((name) => ({ name, storage: readFileSync(join(SAMPLES, name), 'utf8') }))
}

function exportedBodies(): readonly Input[] {
  return linesBelow('space-export').flatMap(({ name, line }) =>
    line['body_type'] === '2' ? [{ name, storage: String(line['body']) }] : [],
  )
}

function restBodies(): readonly Input[] {
  return filesBelow('rest').flatMap((file) => {
    const found: string[] = []
    JSON.parse(readFileSync(join(SAMPLES, file), 'utf8'), (_, value) => {
      if (value?.representation === 'storage' && typeof value.value === 'string') found.push(value.value)
      return value
    })
    return found.map((storage, index) => ({ name: `${file}#${index + 1}`, storage }))
  })
}

function snippets(): readonly Input[] {
  return linesBelow('macro-snippets').map(({ name, line }) => ({
    name,
    storage: joinLiterals(String(line['snippet'])),
  }))
}

/** A snippet that a program holds as several string literals, one a line. */
function joinLiterals(source: string): string {
  return source.replace(/['"],?(?:\s*\+)?\s*\n\s*f?['"]/g, '')
}

function peerCases(): readonly Input[] {
  return linesBelow('peer-cases').flatMap(({ name, line }) => {
    const inputs: unknown = line['input']
    return Array.isArray(inputs)
      ? inputs.map((input, index) => ({ name: `${name}.${index + 1}`, storage: String(input) }))
      : []
  })
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(SAMPLES, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(SAMPLES, join(entry.parentPath, entry.name)))
    .sort()
}

export function linesBelow(
  folder: string,
): readonly { readonly name: string; readonly line: Record<string, unknown> }[] {
  return filesBelow(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) =>
      readFileSync(join(SAMPLES, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (line === '' ? [] : [{ name: `${file}#${index + 1}`, line: JSON.parse(line) }])),
    )
}

const PROGRAM =
  /['"]\s*\+\s*\n|\)?;\s*renderer\.|renderer\.Write|',\s*\n\s*'|f['"]<ac:|\.\.\.\s*<\/|\.insert\(|\n\s*f?"</
const RENDERED =
  /data-macro-name|data-linked-resource|syntaxhighlighter|class="[^"]*(emoticon|conf-macro|columnLayout)|data-media-id/

/** Markup that Confluence would save: whole elements, neither a program's text around them nor the rendered view. */
function isStorage({ storage }: Input): boolean {
  return /<[a-z]/.test(storage) && !PROGRAM.test(storage) && !RENDERED.test(storage) && isBalanced(storage)
}

/** `br` and `img` may be written as in HTML: some tools do. */
function isBalanced(storage: string): boolean {
  const open: string[] = []
  const markup = storage.replace(/<!\[CDATA\[.*?\]\]>|<!--.*?-->/gs, '')
  for (const [, end, name = '', selfClosing] of markup.matchAll(/<(\/?)([a-zA-Z][\w:-]*)[^>]*?(\/?)>/g)) {
    if (end === '/' && open.pop() !== name) return false
    if (end === '' && selfClosing === '' && !/^(br|img|hr)$/.test(name)) open.push(name)
  }
  return open.length === 0
}
