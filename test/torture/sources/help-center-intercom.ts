/** A small help center of Intercom: articles in two languages, in collections of help centers that are turned on or off. */
import { helpCenter } from '../../../connectors/help-center/index.ts'
import type { Access, AccessPolicy } from '../../../src/core/access.ts'
import type { Connector } from '../../../src/core/connector.ts'
import { startIntercomEmulator } from '../../emulators/intercom.ts'
import type { EmulatedArticle, IntercomModel } from '../../emulators/intercom-model.ts'
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

const LOCALES = ['en', 'fr']
const AUDIENCES = ['everyone', 'all_users', 'restricted', 'everyone']
const access: AccessPolicy = {
  level: 'public',
  principals: {
    'audience:all_users': ['group:customers', 'group:staff'],
    'help-center:unlisted': ['group:staff'],
    'help-center:off': ['group:staff', 'group:old'],
  },
}

export async function startIntercomHelp(most = 9): Promise<TorturedSource> {
  const emulator = await startIntercomEmulator({ pageSize: 2 })
  const { model } = emulator
  const mark = createMarks()
  const removed: EmulatedArticle[] = []
  fill(model, mark)
  return tortured(emulator, {
    connector: helpCenter as Connector,
    config: { provider: 'intercom', apiUrl: emulator.url, token: 'token' },
    access,
    actions: actionsOn(model, removed, mark, most),
    onlyBetweenRuns: ['switch'],
    truth: () => truthOf(model),
  })
}

function fill(model: IntercomModel, mark: Marks): void {
  const on = model.addHelpCenter({ locales: [...LOCALES] })
  const off = model.addHelpCenter({ isOn: false, locales: [...LOCALES] })
  const billing = model.addCollection({ name: 'Billing', helpCenterId: on.id })
  const inner = model.addCollection({ name: 'Refunds', parentId: billing.id })
  const old = model.addCollection({ name: 'Old', helpCenterId: off.id })
  for (const [at, { id }] of [billing, inner, old, billing].entries()) {
    const locales = at % 2 === 0 ? LOCALES : ['en']
    add(model, { title: `Article ${at}`, parentIds: [id], locales }, mark)
  }
}

/** With a text of its own in each language. */
function add(model: IntercomModel, given: Parameters<typeof model.addArticle>[0], mark: Marks): void {
  const { id, texts } = model.addArticle(given)
  for (const locale of texts.keys()) model.edit(id, { body: bodyOf(mark()) }, locale)
}

function bodyOf(mark: string): string {
  return `<p>Text ${mark} here.</p>`
}

function actionsOn(
  model: IntercomModel,
  removed: EmulatedArticle[],
  mark: Marks,
  most: number,
): Readonly<Record<string, Action>> {
  const article = (at: number) => pick(model.articles.values(), at)
  const write = (at: number, locale: number, change: Parameters<typeof model.edit>[1]) => {
    const found = article(at)
    const key = found && pick(found.texts.keys(), locale)
    if (found !== undefined) model.edit(found.id, change, key)
  }
  return {
    edit: (one, other) => write(one, other, { body: bodyOf(mark()) }),
    rename: (one, other) => write(one, other, { title: mark('Named') }),
    publish: (one, other) => write(one, other, { state: other % 3 === 0 ? 'draft' : 'published' }),
    remove(one) {
      const found = article(one)
      if (found === undefined) return
      removed.push(found)
      model.remove(found.id)
    },
    restore() {
      const found = removed.pop()
      if (found !== undefined) model.articles.set(found.id, found)
    },
    move(one, other) {
      const to = other % 4 === 0 ? undefined : pick(model.collections.values(), other)
      Object.assign(article(one) ?? {}, { parentIds: to === undefined ? [] : [to.id] })
    },
    restrict: (one, other) => void Object.assign(article(one) ?? {}, { audience: pick(AUDIENCES, other) }),
    switch(one, other) {
      Object.assign(pick(model.helpCenters.values(), one) ?? {}, { isOn: other % 2 === 0 })
    },
    add(one, other) {
      const collection = pick(model.collections.values(), one)
      if (collection === undefined || model.articles.size >= most) return
      const locales = other % 2 === 0 ? LOCALES : ['en']
      add(model, { title: mark('New'), parentIds: [collection.id], locales }, mark)
    },
  }
}

function truthOf(model: IntercomModel) {
  const texts = [...model.articles.values()].flatMap((article) =>
    [...article.texts].map(([locale, text]) => ({ article, locale, text })),
  )
  return new Map(
    texts
      .filter(({ text }) => text.state === 'published')
      .map(({ article, locale, text: { title, body } }) => [
        `${article.id}:${locale}`,
        { title, marks: marksOf(String(body)), access: accessOf(model, article) },
      ]),
  )
}

function accessOf(model: IntercomModel, { audience, parentIds }: EmulatedArticle): Access {
  const limits = audience === 'everyone' ? [] : [`audience:${audience}`]
  const standing = standingOf(model, parentIds[0])
  if (standing !== 'on') limits.push(`help-center:${standing}`)
  return readersOfAll(limits.map((name) => sortedReaders(access.principals[name] ?? [])))
}

function standingOf(model: IntercomModel, collectionId: string | undefined): 'on' | 'off' | 'unlisted' {
  const collection = model.collections.get(collectionId ?? '')
  if (collection === undefined) return 'unlisted'
  if (collection.parentId !== null) return standingOf(model, collection.parentId)
  return model.helpCenters.get(collection.helpCenterId ?? '')?.isOn === true ? 'on' : 'off'
}
