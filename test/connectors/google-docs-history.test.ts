/**
 * Random histories of an account, synced run by run: after each the index holds what the account truly holds, for whom it is,
 * whatever happened since, and nothing that stayed was removed by what happened in the middle of a run.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { googleDocs, googleDocsConfig } from '../../connectors/google-docs/index.ts'
import type { Store } from '../../src/core/types.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openMemory } from '../../src/indexes/memory.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { DOCUMENT, everybody, type Fields, FOLDER, type GoogleFile, SHORTCUT } from '../emulators/google-model.ts'
import { ada, onSmallAccount, type SmallAccount, TEAM_DRIVE } from './google-docs-stage.ts'
import { NOW } from './stage.ts'

type Action = (account: SmallAccount, one: number, other: number) => void

const RUNS = 25

const actions: Readonly<Record<string, Action>> = {
  edit: ({ emulator: { model } }, one, other) =>
    model.edit(pick(model.files.values(), one, DOCUMENT).id, `Text ${other}.`),
  rename: ({ emulator: { model } }, one, other) =>
    model.change(pick(model.files.values(), one).id, { name: `Name ${other}` }),
  trash: ({ emulator: { model } }, one, other) =>
    model.trash(pick(movable(model.files.values()), one).id, other % 2 === 0),
  move({ emulator: { model } }, one, other) {
    const file = pick(movable(model.files.values()), one)
    const folders = [...model.files.values()].filter(({ mimeType }) => mimeType === FOLDER)
    const to = other % (folders.length + 1) === 0 ? null : pick(folders, other)
    if (to === file || (to !== null && model.below(file.id).includes(to))) return
    const driveId = to?.driveId ?? null
    model.change(file.id, { parent: to?.id ?? null, driveId } as object)
    for (const each of model.below(file.id)) Object.assign(each, { driveId })
  },
  lose({ emulator: { model } }, one, other) {
    const file = pick(movable(model.files.values()), one)
    model.change(file.id, { gone: other % 2 === 0 })
    for (const each of model.below(file.id)) each.gone = file.gone
  },
  share: ({ emulator: { model } }, one, other) =>
    model.share(pick(model.files.values(), one).id, other % 2 === 0 ? [ada] : [everybody]),
  restrict({ emulator: { model } }, _, other) {
    Object.assign(model.drives.get(TEAM_DRIVE) ?? {}, { restrictions: { domainUsersOnly: other % 2 === 0 } })
    model.changeDrive(TEAM_DRIVE)
  },
  add({ emulator: { model } }, one, other) {
    const parent = pick(model.files.values(), one, FOLDER)
    const given = { name: `New ${other}`, parent: parent.id, driveId: parent.driveId }
    if (other % 3 === 0) model.addFolder(given)
    else if (other % 3 === 1) model.addDocument(given)
    else model.addShortcut({ ...given, target: pick(model.files.values(), other).id })
  },
}

/** The configured folder stays: without it a run stops, and keeps what it has. */
function movable(files: Iterable<GoogleFile>): readonly GoogleFile[] {
  return [...files].filter(({ id, name }) => name !== 'Handbook' && id !== TEAM_DRIVE && id !== 'file-1')
}

function pick(files: Iterable<GoogleFile>, at: number, mimeType?: string): GoogleFile {
  const some = [...files].filter((file) => mimeType === undefined || file.mimeType === mimeType)
  return some[at % some.length] as GoogleFile
}

/** By id, whether everybody may read it: by another way than the connector's, from the model. */
function truth({ emulator: { model }, config }: SmallAccount): ReadonlyMap<string, boolean> {
  const shown = (file: GoogleFile | undefined): file is GoogleFile => file !== undefined && !file.gone && !file.trashed
  const named = [...(config['folders'] as string[]), ...(config['documents'] as string[])]
  const found = new Set(
    [...model.files.values()].filter((file) => file.sharedWithMe || named.includes(file.id)).filter(shown),
  )
  for (const file of model.files.values()) if (file.driveId === TEAM_DRIVE && shown(file)) found.add(file)
  for (const file of found) {
    const target = model.files.get(file.target ?? '')
    if (file.mimeType === SHORTCUT && shown(target)) found.add(target)
    if (file.mimeType !== FOLDER) continue
    for (const child of model.files.values()) if (child.parent === file.id && shown(child)) found.add(child)
  }
  const domainOnly = model.drives.get(TEAM_DRIVE)?.restrictions.domainUsersOnly === true
  const isOpen = (file: GoogleFile) =>
    file.permissions.includes(everybody) && !(domainOnly && file.driveId === TEAM_DRIVE)
  return new Map(
    [...found].filter(({ mimeType }) => mimeType === DOCUMENT).map((file) => [`docs:${file.id}`, isOpen(file)]),
  )
}

async function sync(account: SmallAccount, store: Store, { fetching = fetch, full = false } = {}) {
  const { signal } = new AbortController()
  const allowed = { deletes: Number.MAX_SAFE_INTEGER, wider: Number.MAX_SAFE_INTEGER }
  return await syncSource({
    ...{ source: 'docs', connector: googleDocs, config: googleDocsConfig.parse(account.config) },
    ...{ access: { level: 'public' as const, principals: {} }, store, signal, now: () => NOW, runId: 'run' },
    ...{ fetch: createFetch({ signal, fetch: fetching, sleep: async () => {} }), full, dryRun: false, allowed },
  })
}

async function held(store: Store, { emulator: { model } }: SmallAccount) {
  const readable = new Map<string, boolean>()
  for (const id of await store.ids('docs')) {
    const document = await store.document(id, [])
    readable.set(id, document !== null)
    const [stored] = (await store.stored([id])).values()
    expect(stored?.head.title).toBe(model.find(id.slice('docs:'.length)).name)
    expect(stored?.markdown.trim()).toBe(textOf(model.find(id.slice('docs:'.length)).tabs))
  }
  return readable
}

function textOf(tabs: readonly Fields[]): string {
  return [...JSON.stringify(tabs).matchAll(/"content":"(.*?)\\n"/g)].map(([, text]) => text).join('\n')
}

const step = fc.record({
  what: fc.constantFrom(...Object.keys(actions)),
  one: fc.nat(1000),
  other: fc.nat(1000),
})

/** In the middle of a run: at this request. */
const interference = fc.record({
  at: fc.nat(30),
  what: fc.constantFrom('move', 'move', 'add', 'trash'),
  one: fc.nat(1000),
  other: fc.nat(1000),
})

const round = fc.record({
  between: fc.array(step, { maxLength: 3 }),
  during: fc.array(interference, { maxLength: 4 }),
  full: fc.boolean(),
})

test('whatever happens, the index comes to hold what the account holds, for whom it is', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), (rounds) =>
      onSmallAccount(async (account) => {
        const act = ({ what, one, other }: { what: string; one: number; other: number }) =>
          actions[what]?.(account, one, other)
        const store = openMemory()
        await sync(account, store)
        for (const { between, during, full } of rounds) {
          for (const each of between) act(each)
          const stays = new Set(truth(account).keys())
          const had = new Set(await store.ids('docs'))
          let requests = 0
          const acting: typeof fetch = async (input, init) => {
            requests += 1
            for (const each of during.filter(({ at }) => at === requests)) {
              act(each)
              for (const id of stays) if (!truth(account).has(id)) stays.delete(id)
            }
            return fetch(input, init)
          }
          await sync(account, store, { fetching: acting, full })
          const kept = await store.ids('docs')
          expect([...had].filter((id) => stays.has(id) && !kept.includes(id))).toEqual([])
          const { run } = await sync(account, store)
          expect(run.error).toBeUndefined()
          expect(Object.fromEntries(await held(store, account))).toEqual(Object.fromEntries(truth(account)))
        }
      }),
    ),
    { numRuns: RUNS },
  )
})
