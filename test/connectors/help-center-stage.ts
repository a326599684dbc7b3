/** A small emulated help center with more than one page of everything, for the conformance suite and the connector's own tests. */
import { type HelpCenterCursor, helpCenter } from '../../connectors/help-center/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { upserts } from '../conformance/changes.ts'
import { type IntercomEmulator, type IntercomEmulatorOptions, startIntercomEmulator } from '../emulators/intercom.ts'
import { during, type PullOptions, pullFrom } from './stage.ts'

export interface SmallCenter {
  readonly emulator: IntercomEmulator
  readonly config: Readonly<Record<string, unknown>>
  /** Of an article, by the title that it began with. */
  id(title: string): string
}

export const TOKEN = 'canary-token-41ab'
export async function startSmallCenter(options: IntercomEmulatorOptions = {}): Promise<SmallCenter> {
  const emulator = await startIntercomEmulator({ pageSize: 2, authorization: `Bearer ${TOKEN}`, ...options })
  const ids = fill(emulator)
  return {
    emulator,
    config: { provider: 'intercom', apiUrl: emulator.url, token: TOKEN },
    id: (title) => ids.get(title) ?? `no ${title}`,
  }
}

function fill({ model }: IntercomEmulator): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const add = (given: Parameters<typeof model.addArticle>[0]) => ids.set(given.title, model.addArticle(given).id)
  const open = model.addHelpCenter({ locales: ['en', 'fr'] })
  const off = model.addHelpCenter({ isOn: false })
  const billing = model.addCollection({ name: 'Billing', helpCenterId: open.id, names: { fr: 'Facturation' } })
  const refunds = model.addCollection({ name: 'Refunds', parentId: billing.id })
  const abroad = model.addCollection({ name: 'Abroad', parentId: refunds.id })
  const old = model.addCollection({ name: 'Old brand', helpCenterId: off.id })
  const inside = (id: string) => ({ parentIds: [id], locales: ['en'] })
  add({ title: 'Invoices', ...inside(billing.id), locales: ['en', 'fr'], tags: ['money', 'pdf'] })
  add({
    title: 'Refunds',
    ...inside(abroad.id),
    body: '<p>Within 14 days. <img src="https://downloads.intercomcdn.com/i/o/1/a.png?SIGNED" alt="Form"></p>',
  })
  add({ title: 'For users', ...inside(billing.id), audience: 'all_users' })
  add({ title: 'For some', ...inside(billing.id), audience: 'restricted' })
  add({ title: 'Unsaid', ...inside(billing.id), audience: undefined })
  add({ title: 'Unlisted', locales: ['en'] })
  add({ title: 'Of the old brand', ...inside(old.id) })
  add({ title: 'Draft', ...inside(billing.id), state: 'draft' })
  add({ title: 'Half done', ...inside(billing.id), locales: ['en', 'fr'] })
  model.edit(ids.get('Half done') ?? '', { state: 'draft' }, 'fr')
  return ids
}

export function pull(
  center: SmallCenter,
  options: PullOptions<HelpCenterCursor> = {},
): Promise<Change<HelpCenterCursor>[]> {
  return pullFrom(helpCenter, center, options)
}

export function head(changes: readonly Change<HelpCenterCursor>[], id: string) {
  return upserts(changes).find((each) => each.head.id === id)?.head
}

export function onSmallCenter<T>(
  run: (center: SmallCenter) => Promise<T>,
  options: IntercomEmulatorOptions = {},
): Promise<T> {
  return during(startSmallCenter(options), run)
}
