/** A small emulated Zendesk help center with more than one page of everything, for the conformance suite and the provider's own tests. */
import { type HelpCenterCursor, helpCenter } from '../../connectors/help-center/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { startZendeskEmulator, type ZendeskEmulator, type ZendeskEmulatorOptions } from '../emulators/zendesk.ts'
import { during, type PullOptions, pullFrom } from './stage.ts'

export interface SmallGuide {
  readonly emulator: ZendeskEmulator
  readonly config: Readonly<Record<string, unknown>>
  /** Of an article, by the title that it began with. */
  id(title: string): number
  /** Of a custom user segment. */
  readonly vip: number
}

export const CLIENT = { id: 'unsilo', secret: 'canary-secret-77f0' }
export async function startSmallGuide(options: ZendeskEmulatorOptions = {}): Promise<SmallGuide> {
  const emulator = await startZendeskEmulator({ pageSize: 2, client: CLIENT, ...options })
  return {
    emulator,
    config: {
      provider: 'zendesk',
      url: emulator.url,
      auth: { clientId: CLIENT.id, clientSecret: CLIENT.secret },
    },
    ...fill(emulator),
  }
}

function fill({ guide }: ZendeskEmulator): Pick<SmallGuide, 'id' | 'vip'> {
  const ids = new Map<string, number>()
  const add = (given: Parameters<typeof guide.addArticle>[0]) => ids.set(given.title, guide.addArticle(given).id)
  const signedIn = guide.addSegment({ name: 'Signed-in users', builtIn: true })
  const staff = guide.addSegment({ name: 'Agents and managers', builtIn: true, userType: 'staff' })
  const vip = guide.addSegment({ name: 'VIP' })
  const category = guide.addCategory('Billing', { fr: 'Facturation' })
  guide.addCategory('Other')
  guide.addCategory('Empty')
  const money = guide.addSection({ name: 'Money', categoryId: category.id, names: { fr: 'Argent' } })
  const refunds = guide.addSection({ name: 'Refunds', categoryId: category.id, parentId: money.id })
  guide.addSection({ name: 'Empty', categoryId: category.id })
  const inside = { sectionId: money.id }
  add({ title: 'Invoices', ...inside, locales: ['en-us', 'fr'], labels: ['pdf', 'invoice'] })
  add({ title: 'Refunds', sectionId: refunds.id, body: '<p>Within 14 days.</p>' })
  add({ title: 'For users', ...inside, segmentId: signedIn.id })
  add({ title: 'For staff', ...inside, segmentId: staff.id })
  add({ title: 'For VIPs', ...inside, segmentId: vip.id })
  add({ title: 'For either', ...inside, segmentId: vip.id, segmentIds: [vip.id, staff.id] })
  add({ title: 'Unsaid', ...inside, segmentId: undefined })
  add({ title: 'Draft', ...inside, draft: true })
  add({ title: 'Half done', ...inside, locales: ['en-us', 'fr'] })
  guide.edit(ids.get('Half done') ?? 0, { draft: true }, 'fr')
  return { id: (title) => ids.get(title) ?? 0, vip: vip.id }
}

export function pull(
  guide: SmallGuide,
  options: PullOptions<HelpCenterCursor> = {},
): Promise<Change<HelpCenterCursor>[]> {
  return pullFrom(helpCenter, guide, options)
}

export function onSmallGuide<T>(
  run: (guide: SmallGuide) => Promise<T>,
  options: ZendeskEmulatorOptions = {},
): Promise<T> {
  return during(startSmallGuide(options), run)
}
