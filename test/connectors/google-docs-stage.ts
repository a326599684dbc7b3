/** A small emulated account with more than one page of everything, for the conformance suite and for the connector's own tests. */
import { type GoogleDocsCursor, googleDocs } from '../../connectors/google-docs/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { type GoogleEmulator, startGoogleEmulator } from '../emulators/google.ts'
import { DOCUMENT, type Fields } from '../emulators/google-model.ts'
import { during, type PullOptions, pullFrom } from './stage.ts'

export interface SmallAccount {
  readonly emulator: GoogleEmulator
  readonly config: Readonly<Record<string, unknown>>
  /** By name. */
  id(name: string): string
  /** Names of documents that a pass takes. */
  taken(): readonly string[]
}

export const TEAM_DRIVE = 'drive-team'
export const ada: Fields = {
  id: 'p-ada',
  kind: 'drive#permission',
  type: 'user',
  role: 'writer',
  emailAddress: 'ada@example.com',
}

const OUTSIDE = ['Elsewhere', 'Notes to self']

export async function startSmallAccount(options: { validate?: boolean } = {}): Promise<SmallAccount> {
  const emulator = await startGoogleEmulator({ pageSize: 3, ...options })
  const { model } = emulator
  const id = (name: string) => [...model.files.values()].find((file) => file.name === name)?.id ?? `no ${name}`
  fill(emulator)
  return {
    emulator,
    id,
    config: {
      auth: { credentials: emulator.serviceAccountKey },
      folders: [id('Handbook')],
      drives: [TEAM_DRIVE],
      documents: [id('Price list')],
      sharedWithMe: true,
      apiUrl: emulator.url,
    },
    taken: () =>
      [...model.files.values()]
        .filter(
          ({ mimeType, gone, trashed, name }) => mimeType === DOCUMENT && !gone && !trashed && !OUTSIDE.includes(name),
        )
        .map(({ name }) => name),
  }
}

function fill({ model }: GoogleEmulator): void {
  const handbook = model.addFolder({ name: 'Handbook' })
  const guides = model.addFolder({ name: 'Guides', parent: handbook.id })
  const deeper = model.addFolder({ name: 'Deeper', parent: guides.id })
  model.addDocument({ name: 'Refunds', parent: handbook.id, text: 'Within 14 days.' })
  model.addDocument({ name: 'Refunds abroad', parent: guides.id })
  model.addDocument({ name: 'Customs', parent: deeper.id })
  model.addDocument({ name: 'Salaries', parent: handbook.id, permissions: [ada] })
  const linked = model.addDocument({ name: 'Linked' })
  model.addShortcut({ name: 'To Linked', parent: guides.id, target: linked.id })
  model.addShortcut({ name: 'Back up', parent: deeper.id, target: handbook.id })
  model.addDrive(TEAM_DRIVE, 'Team')
  const plans = model.addFolder({ name: 'Plans', parent: TEAM_DRIVE, driveId: TEAM_DRIVE })
  model.addDocument({ name: 'Roadmap', parent: plans.id, driveId: TEAM_DRIVE })
  model.addDocument({
    name: 'Budget',
    parent: plans.id,
    driveId: TEAM_DRIVE,
    permissions: [ada, { ...ada, id: 'p-2' }, { ...ada, id: 'p-3' }],
  })
  model.addDocument({ name: 'Welcome', parent: TEAM_DRIVE, driveId: TEAM_DRIVE })
  model.addDocument({ name: 'From a partner', sharedWithMe: true })
  model.addDocument({ name: 'Price list' })
  for (const name of OUTSIDE) model.addDocument({ name })
}

export function pull(
  account: SmallAccount,
  options: PullOptions<GoogleDocsCursor> = {},
): Promise<Change<GoogleDocsCursor>[]> {
  return pullFrom(googleDocs, account, options)
}

export function head(changes: readonly Change<GoogleDocsCursor>[], id: string) {
  const found = changes.find((each) => each.type === 'upsert' && each.head.id === id)
  return found?.type === 'upsert' ? found.head : undefined
}

export function titles(changes: readonly Change<GoogleDocsCursor>[]): string[] {
  return changes.flatMap((each) => (each.type === 'upsert' ? [each.head.title] : [])).sort()
}

export function cursorOf(changes: readonly Change<GoogleDocsCursor>[]): GoogleDocsCursor {
  const last = changes.at(-1)
  if (last?.type !== 'checkpoint') throw new Error('the run did not end with a checkpoint')
  return last.cursor
}

export function onSmallAccount<T>(
  run: (account: SmallAccount) => Promise<T>,
  options: { validate?: boolean } = {},
): Promise<T> {
  return during(startSmallAccount(options), run)
}
