/** A small emulated site with more than one page of everything, for the conformance suite and for Confluence's own tests. */
import { type ConfluenceCursor, confluence } from '../../connectors/confluence/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { type ConfluenceEmulator, startConfluenceEmulator } from '../emulators/confluence.ts'
import { during, type PullOptions, pullFrom } from './stage.ts'

export interface SmallSite {
  readonly emulator: ConfluenceEmulator
  readonly config: Readonly<Record<string, unknown>>
  /** By title. */
  id(title: string): string
}

export const TOKEN = 'canary-token-7c1d'

export async function startSmallSite(options: { validate?: boolean } = {}): Promise<SmallSite> {
  const authorization = `Basic ${Buffer.from(`reader@example.com:${TOKEN}`).toString('base64')}`
  const emulator = await startConfluenceEmulator({ pageSize: 2, readersSize: 2, authorization, ...options })
  fill(emulator)
  return {
    emulator,
    config: {
      baseUrl: emulator.url,
      auth: { email: 'reader@example.com', apiToken: TOKEN },
      spaces: ['SUP', 'ENG', '~ada'],
      labels: { exclude: ['internal'] },
    },
    id: (title) =>
      [...emulator.model.contents.values()].find((content) => content.title === title)?.id ?? `no ${title}`,
  }
}

function fill({ model }: ConfluenceEmulator): void {
  const support = model.addSpace({ key: 'SUP', name: 'Support' })
  const engineering = model.addSpace({ key: 'ENG', name: 'Engineering' })
  const ada = model.addSpace({ key: '~ada', name: 'Ada', type: 'personal' })
  model.addSpace({ key: 'OLD', name: 'Old', status: 'archived' })

  const home = model.addPage({ spaceId: support.id, title: 'Support home' })
  const folder = model.add({ type: 'folder', spaceId: support.id, title: 'Guides', parentId: home.id })
  const refunds = model.addPage({
    spaceId: support.id,
    title: 'Refunds',
    parentId: folder.id,
    body: '<p>Within 14 days.</p>',
  })
  model.addPage({ spaceId: support.id, title: 'Refunds abroad', parentId: refunds.id, body: linkTo('Refunds') })
  const pay = model.addPage({ spaceId: support.id, title: 'Salaries', parentId: home.id })
  model.restrict(pay.id, { users: ['ada', 'bob', 'cyd'], groups: [{ id: 'g-hr', name: 'hr' }] })
  model.addPage({ spaceId: support.id, title: 'Salary bands', parentId: pay.id })
  model.addPage({ spaceId: support.id, title: 'Old prices', parentId: home.id, status: 'archived' })
  model.addPage({ spaceId: support.id, title: 'Draft for us', parentId: home.id, labels: ['internal'] })
  model.addPage({ spaceId: support.id, title: 'Another for us', parentId: home.id, labels: ['internal'] })
  model.addPage({ spaceId: support.id, title: 'Third for us', parentId: home.id, labels: ['internal'] })
  model.addPage({ spaceId: engineering.id, title: 'Engineering home' })
  model.addPage({ spaceId: ada.id, title: 'Ada’s notes' })
  for (const title of ['Release 1', 'Release 2', 'Release 3']) {
    model.add({ type: 'blogpost', spaceId: support.id, title })
  }
}

function linkTo(title: string): string {
  const link = `<ac:link><ri:page ri:content-title="${title}" /><ac:plain-text-link-body><![CDATA[see]]></ac:plain-text-link-body></ac:link>`
  return `<p>${link}</p>`
}

export function pull(
  site: SmallSite,
  options: PullOptions<ConfluenceCursor> = {},
): Promise<Change<ConfluenceCursor>[]> {
  return pullFrom(confluence, site, options)
}

export function head(changes: readonly Change<ConfluenceCursor>[], id: string) {
  const found = changes.find((each) => each.type === 'upsert' && each.head.id === id)
  return found?.type === 'upsert' ? found.head : undefined
}

export function cursorOf(changes: readonly Change<ConfluenceCursor>[]): ConfluenceCursor {
  const last = changes.at(-1)
  if (last?.type !== 'checkpoint') throw new Error('the pass did not end with a checkpoint')
  return last.cursor
}

export function onSmallSite<T>(run: (site: SmallSite) => Promise<T>, options: { validate?: boolean } = {}): Promise<T> {
  return during(startSmallSite(options), run)
}
