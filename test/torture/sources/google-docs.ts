/** A small Google account: folders, a shared drive, shortcuts, what was shared with it, and documents that come and go. */
import { googleDocs } from '../../../connectors/google-docs/index.ts'
import type { Access, AccessPolicy } from '../../../src/core/access.ts'
import type { Connector } from '../../../src/core/connector.ts'
import { startGoogleEmulator } from '../../emulators/google.ts'
import {
  DOCUMENT,
  everybody,
  type Fields,
  FOLDER,
  type GoogleFile,
  type GoogleModel,
  SHORTCUT,
} from '../../emulators/google-model.ts'
import {
  type Action,
  createMarks,
  type Marks,
  marksOf,
  pick,
  sortedReaders,
  type TorturedSource,
  type Truth,
  tortured,
} from './source.ts'

const DRIVE = 'drive-team'
const person = (name: string): Fields => ({
  ...{ id: `p-${name}`, kind: 'drive#permission', type: 'user', role: 'writer' },
  emailAddress: `${name}@example.com`,
})
const SHARINGS: readonly (readonly Fields[])[] = [
  [everybody],
  [person('ada')],
  [person('ada'), person('bob')],
  [person('stranger')],
  [everybody, person('ada')],
]
const access: AccessPolicy = {
  level: 'public',
  principals: { 'user:ada@example.com': ['user:ada'], 'user:bob@example.com': ['user:bob', 'group:staff'] },
}

export async function startGoogleDocs(most = 25): Promise<TorturedSource> {
  const emulator = await startGoogleEmulator({ pageSize: 3 })
  const { model } = emulator
  const mark = createMarks()
  const named = fill(model, mark)
  return tortured(emulator, {
    connector: googleDocs as Connector,
    config: {
      auth: { credentials: emulator.serviceAccountKey },
      ...{ folders: [named.folder], drives: [DRIVE], documents: [named.document] },
      ...{ sharedWithMe: true, apiUrl: emulator.url },
    },
    access,
    actions: actionsOn(model, named.folder, mark, most),
    truth: () => truthOf(model, named),
  })
}

interface Named {
  readonly folder: string
  readonly document: string
}

function fill(model: GoogleModel, mark: Marks): Named {
  const document = (name: string, given: { parent?: string; driveId?: string; sharedWithMe?: boolean } = {}) =>
    model.addDocument({ name, text: `Text ${mark()} here.`, ...given }).id
  const handbook = model.addFolder({ name: 'Handbook' }).id
  const guides = model.addFolder({ name: 'Guides', parent: handbook }).id
  document('Refunds', { parent: handbook })
  document('Abroad', { parent: guides })
  model.addShortcut({ name: 'To Linked', parent: guides, target: document('Linked') })
  model.addDrive(DRIVE, 'Team')
  const plans = model.addFolder({ name: 'Plans', parent: DRIVE, driveId: DRIVE }).id
  document('Roadmap', { parent: plans, driveId: DRIVE })
  document('From a partner', { sharedWithMe: true })
  document('Elsewhere')
  return { folder: handbook, document: document('Price list') }
}

function actionsOn(model: GoogleModel, root: string, mark: Marks, most: number): Readonly<Record<string, Action>> {
  const files = () => [...model.files.values()]
  const ofType = (...types: readonly string[]) => files().filter(({ mimeType }) => types.includes(mimeType))
  /** The configured folder stays: without it a run stops, and keeps what it has. */
  const movable = () => files().filter(({ id }) => id !== DRIVE && id !== root)
  return {
    edit(one) {
      const file = pick(ofType(DOCUMENT), one)
      if (file !== undefined) model.edit(file.id, `Text ${mark()} here.`)
    },
    rename(one) {
      const file = pick(files(), one)
      if (file !== undefined) model.change(file.id, { name: mark('Named') })
    },
    trash(one, other) {
      const file = pick(movable(), one)
      if (file !== undefined) model.trash(file.id, other % 2 === 0)
    },
    move(one, other) {
      const file = pick(movable(), one)
      const folders = ofType(FOLDER)
      const to = other % (folders.length + 1) === 0 ? null : (pick(folders, other) ?? null)
      if (file === undefined || to === file || (to !== null && model.below(file.id).includes(to))) return
      const driveId = to?.driveId ?? null
      model.change(file.id, { parent: to?.id ?? null, driveId } as object)
      for (const each of model.below(file.id)) Object.assign(each, { driveId })
    },
    lose(one, other) {
      const file = pick(movable(), one)
      if (file === undefined) return
      model.change(file.id, { gone: other % 2 === 0 })
      for (const each of model.below(file.id)) each.gone = file.gone
    },
    share(one, other) {
      const file = pick(files(), one)
      if (file !== undefined) model.share(file.id, pick(SHARINGS, other) ?? [])
    },
    'restrict the drive'(_, other) {
      Object.assign(model.drives.get(DRIVE) ?? {}, { restrictions: { domainUsersOnly: other % 2 === 0 } })
      model.changeDrive(DRIVE)
    },
    add(one, other) {
      const parent = pick(ofType(FOLDER), one)
      if (parent === undefined || model.files.size >= most) return
      const given = { name: mark('New'), parent: parent.id, driveId: parent.driveId }
      if (other % 3 === 0) model.addFolder(given)
      else if (other % 3 === 1) model.addDocument({ ...given, text: `Text ${mark()} here.` })
      else model.addShortcut({ ...given, target: pick(files(), other)?.id ?? '' })
    },
  }
}

/** By following folders and shortcuts to where nothing new is found. */
function truthOf(model: GoogleModel, named: Named) {
  const all = [...model.files.values()].filter(({ gone, trashed }) => !gone && !trashed)
  const byId = new Map(all.map((file) => [file.id, file]))
  const found = new Set(
    all.filter(
      ({ id, sharedWithMe, driveId }) =>
        sharedWithMe || driveId === DRIVE || id === named.folder || id === named.document,
    ),
  )
  for (const file of found) {
    const target = file.mimeType === SHORTCUT ? byId.get(file.target ?? '') : undefined
    if (target !== undefined) found.add(target)
    if (file.mimeType === FOLDER) for (const child of all) if (child.parent === file.id) found.add(child)
  }
  const documents = all.filter(({ mimeType }) => mimeType === DOCUMENT)
  return new Map(
    documents.map((file): [string, Truth] => {
      const is = { title: file.name, marks: marksOf(JSON.stringify(file.tabs)), access: accessOf(model, file) }
      return [file.id, found.has(file) ? is : { ...is, isLeftOut: true }]
    }),
  )
}

function accessOf(model: GoogleModel, { permissions, driveId }: GoogleFile): Access {
  const isDomainOnly = driveId === DRIVE && model.drives.get(DRIVE)?.restrictions.domainUsersOnly === true
  if (permissions.includes(everybody) && !isDomainOnly) return 'public'
  return sortedReaders(permissions.flatMap(({ emailAddress }) => access.principals[`user:${emailAddress}`] ?? []))
}
