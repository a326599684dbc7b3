import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Folder -> what of ours it may import beside itself, and why. The first rule that fits a file's folder holds. */
const rules: readonly { folder: string; may: readonly string[]; because: string }[] = [
  { folder: 'src/cli', may: ['src', 'connectors'], because: 'the command line is the only place that wires' },
  { folder: 'src/core', may: [], because: 'the vocabulary must be readable alone' },
  {
    folder: 'src/sync',
    may: ['src/core', 'src/markdown', 'src/redact', 'src/chunk', 'src/analysis', 'src/embed'],
    because: 'the loop takes a connector and an index as arguments',
  },
  { folder: 'src/config', may: ['src/core', 'src/redact'], because: 'a pattern is refused where it is written' },
  { folder: 'src/query', may: ['src/core', 'src/analysis', 'src/embed'], because: 'a query knows ports, not drivers' },
  { folder: 'connectors/index.ts', may: ['src/core', 'connectors'], because: 'it is the registry of connectors' },
  {
    folder: 'connectors/*',
    may: ['src/core', 'src/http', 'src/vendors'],
    because: 'a connector must not know who consumes it, nor its siblings',
  },
  { folder: 'src/vendors', may: ['src/core', 'src/http'], because: 'a vendor’s API is reached over our transport' },
  { folder: 'src/embed', may: ['src/core', 'src/http'], because: 'a model’s service is reached over our transport' },
  {
    folder: 'src/serve',
    may: ['src/core', 'src/query', 'src/markdown'],
    because: 'a door asks the query core, and opens nothing itself',
  },
  {
    folder: 'src/publish',
    may: ['src/core', 'src/http', 'src/markdown', 'src/vendors'],
    because: 'a publisher is handed documents, and reaches a service over our transport',
  },
  { folder: 'src/*', may: ['src/core'], because: 'each folder is useful and testable alone' },
]

test('imports go one way', () => {
  const wrong = sourceFiles().flatMap((file) => {
    const rule = rules.find(({ folder }) => fits(file, folder))
    if (rule === undefined) return [`${file}: no rule in test/layers.test.ts covers this folder`]
    const own = ownFolder(file)
    return ourImports(file)
      .filter((target) => !target.startsWith(`${own}/`) && !rule.may.some((folder) => target.startsWith(`${folder}/`)))
      .map((target) => `${file} imports ${target}: ${rule.because}`)
  })

  expect(wrong).toEqual([])
})

test('only the command line prints, and only configuration and the command line read the environment', () => {
  const wrong = sourceFiles()
    .filter((file) => !file.startsWith('src/cli/'))
    .filter((file) => /\bconsole\.|process\.(env|stdout|stderr|argv)/.test(readFileSync(join(root, file), 'utf8')))

  expect(wrong).toEqual([])
})

function sourceFiles(): string[] {
  return ['src', 'connectors'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  )
}

function fits(file: string, folder: string): boolean {
  return folder.endsWith('/*') ? file.startsWith(folder.slice(0, -1)) : file === folder || file.startsWith(`${folder}/`)
}

function ownFolder(file: string): string {
  return file.split('/').slice(0, 2).join('/')
}

function ourImports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) =>
    relative(root, resolve(root, dirname(file), target)),
  )
}
