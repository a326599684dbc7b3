/** A small help center of Zendesk: articles in two languages, for user segments. */
import { helpCenter } from '../../../connectors/help-center/index.ts'
import type { Access, AccessPolicy } from '../../../src/core/access.ts'
import type { Connector } from '../../../src/core/connector.ts'
import { startZendeskEmulator } from '../../emulators/zendesk.ts'
import type { EmulatedArticle, GuideModel } from '../../emulators/zendesk-guide-model.ts'
import {
  type Action,
  createMarks,
  type Marks,
  marksOf,
  pick,
  readersOfAll,
  sortedReaders,
  type TorturedSource,
  tortured,
} from './source.ts'

const LOCALES = ['en-us', 'fr']
const CLIENT = { id: 'unsilo', secret: 'canary-secret-77f0' }

export async function startZendeskHelp(most = 9): Promise<TorturedSource> {
  const emulator = await startZendeskEmulator({ pageSize: 2, client: CLIENT })
  const { guide } = emulator
  const mark = createMarks()
  const vip = fill(guide, mark)
  const access: AccessPolicy = {
    level: 'public',
    principals: {
      'segment:signed_in_users': ['group:customers', 'group:staff'],
      'segment:staff': ['group:staff'],
      [`segment:${vip}`]: ['group:vip', 'group:staff'],
      'help-center:closed': ['group:customers', 'group:staff'],
    },
  }
  return tortured(emulator, {
    connector: helpCenter as Connector,
    config: {
      ...{ provider: 'zendesk', url: emulator.url },
      auth: { clientId: CLIENT.id, clientSecret: CLIENT.secret },
    },
    access,
    actions: actionsOn(guide, mark, most),
    onlyBetweenRuns: ['close'],
    truth: () => truthOf(guide, access),
  })
}

/** @returns the id of a segment of their own */
function fill(guide: GuideModel, mark: Marks): number {
  guide.addSegment({ name: 'Signed-in users', builtIn: true })
  guide.addSegment({ name: 'Agents and managers', builtIn: true, userType: 'staff' })
  const vip = guide.addSegment({ name: 'VIP' })
  const category = guide.addCategory('Billing')
  const money = guide.addSection({ name: 'Money', categoryId: category.id })
  const refunds = guide.addSection({ name: 'Refunds', categoryId: category.id, parentId: money.id })
  for (const [at, { id }] of [money, refunds, money, refunds].entries()) {
    const locales = at % 2 === 0 ? LOCALES : ['en-us']
    add(guide, { title: `Article ${at}`, sectionId: id, locales }, mark)
  }
  return vip.id
}

/** With a text of its own in each language. */
function add(guide: GuideModel, given: Parameters<typeof guide.addArticle>[0], mark: Marks): void {
  const { id, translations } = guide.addArticle(given)
  for (const locale of translations.keys()) guide.edit(id, { body: bodyOf(mark()) }, locale)
}

function bodyOf(mark: string): string {
  return `<p>Text ${mark} here.</p>`
}

function actionsOn(guide: GuideModel, mark: Marks, most: number): Readonly<Record<string, Action>> {
  const removed: EmulatedArticle[] = []
  const article = (at: number) => pick(guide.articles.values(), at)
  const write = (at: number, locale: number, change: Parameters<typeof guide.edit>[1]) => {
    const found = article(at)
    const key = found && pick(found.translations.keys(), locale)
    if (found !== undefined) guide.edit(found.id, change, key)
  }
  return {
    edit: (one, other) => write(one, other, { body: bodyOf(mark()) }),
    rename: (one, other) => write(one, other, { title: mark('Named') }),
    publish: (one, other) => write(one, other, { draft: other % 3 === 0 }),
    remove(one) {
      const found = article(one)
      if (found === undefined) return
      removed.push(found)
      guide.remove(found.id)
    },
    restore() {
      const found = removed.pop()
      if (found !== undefined) guide.articles.set(found.id, found)
    },
    move: (one, other) =>
      void Object.assign(article(one) ?? {}, { sectionId: pick(guide.sections.keys(), other), position: other % 3 }),
    restrict(one, other) {
      const segment = other % 4 === 0 ? null : pick(guide.segments.keys(), other)
      Object.assign(article(one) ?? {}, { segmentId: segment, segmentIds: undefined })
    },
    close: (_, other) => void Object.assign(guide.settings, { isOpen: other % 3 !== 0 }),
    add(one, other) {
      const sectionId = pick(guide.sections.keys(), one)
      if (sectionId === undefined || guide.articles.size >= most) return
      const locales = other % 2 === 0 ? LOCALES : ['en-us']
      add(guide, { title: mark('New'), sectionId, locales }, mark)
    },
  }
}

function truthOf(guide: GuideModel, policy: AccessPolicy) {
  const texts = [...guide.articles.values()].flatMap((article) =>
    [...article.translations].map(([locale, text]) => ({ article, locale, text })),
  )
  return new Map(
    texts
      .filter(({ text }) => !text.draft)
      .map(({ article, locale, text: { title, body } }) => [
        `${article.id}:${locale}`,
        { title, marks: marksOf(String(body)), access: accessOf(guide, article, policy) },
      ]),
  )
}

function accessOf(guide: GuideModel, { segmentId }: EmulatedArticle, { principals }: AccessPolicy): Access {
  const limits = segmentId ? [segmentName(guide, segmentId)] : []
  if (!guide.settings.isOpen) limits.push('help-center:closed')
  return readersOfAll(limits.map((name) => sortedReaders(principals[name] ?? [])))
}

function segmentName(guide: GuideModel, id: number): string {
  const segment = guide.segments.get(id)
  if (segment?.builtIn !== true) return `segment:${id}`
  return segment.userType === 'staff' ? 'segment:staff' : 'segment:signed_in_users'
}
