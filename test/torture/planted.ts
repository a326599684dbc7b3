/**
 * Mistakes planted into copies of the program and of these tests: each must be noticed by histories over sockets, or, in
 * the long run only, by kills. Those of the loop are planted in test/sync/history.test.ts. A round is a history of each
 * mistake, or a kill.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import type { Edit } from '../sync/planted.ts'
import type { Part, PartOptions, PartReport } from './part.ts'

interface Mistake {
  readonly name: string
  /** The source whose histories notice it; null: kills do. */
  readonly source: string | null
  readonly edit: Edit
}

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a listing of Confluence ends with its second answer',
    source: 'cloud',
    edit: {
      file: 'connectors/confluence/paging.ts',
      find: 'cursor = nextCursor(page._links?.next ?? null, what)',
      replace: 'cursor = pages === 2 ? undefined : nextCursor(page._links?.next ?? null, what)',
    },
  },
  {
    name: 'a shared drive that is closed to outsiders is open to everybody',
    source: 'docs',
    edit: {
      file: 'connectors/google-docs/access.ts',
      find: "if (rules.domainOnly && type === 'anyone') return true",
      replace: '',
    },
  },
  {
    name: 'a help center that asks everybody to sign in is taken for open',
    source: 'zendesk-help',
    edit: {
      file: 'connectors/help-center/zendesk/pull.ts',
      find: "...(around.isOpen ? [] : [['help-center:closed']]),",
      replace: '',
    },
  },
  {
    name: 'a ticket of Zendesk that was deleted is passed over',
    source: 'zendesk-tickets',
    edit: {
      file: 'connectors/tickets/zendesk/pull.ts',
      find: "return { type: 'delete', id }",
      replace: 'return null',
    },
  },
  {
    name: 'a page is included for people who may not read it',
    source: 'cloud',
    edit: {
      file: 'src/sync/expand.ts',
      find: 'document === null || isWider(document.head.access, work.readers)',
      replace: 'document === null',
    },
  },
  {
    name: 'a batch is written piece by piece',
    source: null,
    edit: {
      file: 'src/indexes/sqlite/write.ts',
      find: 'db.writing(() => {\n    nameSource',
      replace: ';((write: () => void) => write())(() => {\n    nameSource',
    },
  },
  {
    name: 'whoever could read a document finds it for ever',
    source: null,
    edit: {
      file: 'src/indexes/sqlite/write.ts',
      find: "db.run('DELETE FROM access WHERE document = ?', stored.key)\n  grantAccess(db, stored.key, head)",
      replace:
        "db.run('INSERT OR IGNORE INTO access SELECT ?, principal FROM access WHERE 0', stored.key)\n  for (const each of head.access === 'public' ? ['public'] : head.access) db.run('INSERT OR IGNORE INTO access VALUES (?, ?)', stored.key, each)",
    },
  },
]

export const part: Part = { name: 'planted', rounds: { full: 100, quick: 60, test: 20 }, run }

async function run({ seed, rounds, quick, log }: PartOptions): Promise<PartReport> {
  const figures: Record<string, number | string> = {}
  const missed: string[] = []
  for (const { name, source, edit } of MISTAKES.filter((each) => each.source !== null || !quick)) {
    const { folder, remove } = plant(edit)
    const after =
      source === null ? await killsUntil(folder, seed, rounds) : await historiesUntil(folder, source, seed, rounds)
    remove()
    figures[name] = after === null ? 'not noticed' : `noticed after ${after}`
    if (after === null) missed.push(`not noticed: ${name}`)
    log(`${name}: ${figures[name]}`)
  }
  return { figures, missed }
}

async function historiesUntil(folder: string, name: string, seed: number, rounds: number): Promise<string | null> {
  const { socketHistories, liveOnSocket }: typeof import('./socket-history.ts') = await open(
    folder,
    'socket-history.ts',
  )
  const { sources }: typeof import('./sources/all.ts') = await open(folder, 'sources/all.ts')
  const { openMemory }: typeof import('../../src/indexes/memory/memory.ts') = await open(
    folder,
    '../../src/indexes/memory/memory.ts',
  )
  const property = fc.asyncProperty(socketHistories, async (history) => {
    const source = await (sources[name] as () => ReturnType<NonNullable<(typeof sources)[string]>>)()
    await liveOnSocket(history, source, openMemory()).finally(source.close)
  })
  const { failed, numRuns } = await fc.check(property, { numRuns: rounds, seed, endOnFailure: true })
  return failed ? `${numRuns} histories` : null
}

async function killsUntil(folder: string, seed: number, rounds: number): Promise<string | null> {
  const { part: kills }: typeof import('./kills.ts') = await open(folder, 'kills.ts')
  const options = { seed, rounds, quick: true, timed: false, log: () => {} }
  const { figures, missed } = await kills.run(options)
  return missed.length > 0 ? `${figures['kills of sync']} kills` : null
}

async function open<T>(folder: string, file: string): Promise<T> {
  return (await import(pathToFileURL(join(folder, 'test', 'torture', file)).href)) as T
}

const ROOT = resolve(import.meta.dirname, '../..')
const COPIED = [
  'src',
  'connectors',
  'test/torture',
  'test/emulators',
  'test/sync',
  'test/fuzz',
  'test/indexes',
  'test/conformance',
  'package.json',
]
/** The program runs from the copied sources, not from what was built of the real ones. */
const START = "import('../src/cli/main.ts').then((program) => program.main())\n"

function plant({ file, find, replace }: Edit): { readonly folder: string; readonly remove: () => void } {
  const work = join(ROOT, '.unsilo', 'planted')
  mkdirSync(work, { recursive: true })
  const folder = mkdtempSync(join(work, 'program-'))
  for (const each of COPIED) cpSync(join(ROOT, each), join(folder, each), { recursive: true })
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'unsilo.js'), START)
  const parts = readFileSync(join(folder, file), 'utf8').split(find)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} of: ${find}`)
  writeFileSync(join(folder, file), parts.join(replace))
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}
