/** A small Confluence site, Cloud or Data Center: pages in a tree that limits who may view them, some of which include others. */
import { confluence } from '../../../connectors/confluence/index.ts'
import type { Access, AccessPolicy, Principal } from '../../../src/core/access.ts'
import type { Connector } from '../../../src/core/connector.ts'
import { type ConfluenceEmulator, startConfluenceEmulator } from '../../emulators/confluence.ts'
import { type DataCenterEmulator, startDataCenterEmulator } from '../../emulators/confluence-data-center.ts'
import type { ConfluenceModel, EmulatedContent } from '../../emulators/confluence-model.ts'
import {
  type Action,
  createMarks,
  type Marks,
  marksOf,
  pick,
  readersOfAll,
  sortedReaders,
  type TorturedSource,
  type Truth,
  tortured,
} from './source.ts'

const STAFF: Access = ['group:staff']
const READERS: Readonly<Record<string, readonly Principal[]>> = {
  'group:hr': ['group:hr'],
  'group:eng': ['group:eng', 'group:staff'],
}
const RESTRICTIONS: readonly (readonly string[] | null)[] = [null, ['hr'], ['eng'], ['hr', 'eng'], ['unknown'], null]
const LEFT_OUT = 'internal'
const INCLUDES = /ri:content-title="([^"]+)"/g

export async function startConfluence(deployment: 'cloud' | 'data-center', most = 13): Promise<TorturedSource> {
  const emulator =
    deployment === 'cloud'
      ? await startConfluenceEmulator({ pageSize: 2, readersSize: 1 })
      : await startDataCenterEmulator({ pageSize: 3, bodiesSize: 2 })
  const mark = createMarks()
  fill(emulator, mark)
  const access: AccessPolicy = { level: 'staff', principals: READERS }
  return tortured(emulator, {
    connector: confluence as Connector,
    config: {
      ...{ baseUrl: emulator.url, auth: { bearer: 'token' }, deployment },
      ...{ spaces: ['SUP', 'ENG'], labels: { exclude: [LEFT_OUT] } },
    },
    access,
    actions: actionsOn(emulator.model, mark, most),
    onlyBetweenRuns: ['move to the other space'],
    notTogether: ['move', 'restore', 'restrict'],
    truth: () => truthOf(emulator.model),
  })
}

/** Pages called Part are included, and therefore keep their titles and stay. */
function fill({ model }: ConfluenceEmulator | DataCenterEmulator, mark: Marks): void {
  const support = model.addSpace({ key: 'SUP', name: 'Support' })
  const engineering = model.addSpace({ key: 'ENG', name: 'Engineering' })
  const page = (title: string, parentId: string | null = null, spaceId = support.id) =>
    model.addPage({ spaceId, title, parentId, body: bodyOf(mark(), []) }).id
  const home = page('Home')
  page('Part one', home)
  page('Inner', page('Outer', home))
  page('Part two', null, engineering.id)
  model.add({ type: 'blogpost', spaceId: support.id, title: 'News', body: bodyOf(mark(), ['Part one']) })
}

function bodyOf(mark: string, included: readonly string[]): string {
  const macros = included.map(
    (title) =>
      `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:space-key="${title === 'Part two' ? 'ENG' : 'SUP'}" ri:content-title="${title}" /></ac:link></ac:parameter></ac:structured-macro>`,
  )
  return `<p>Text ${mark} here.</p>${macros.join('')}`
}

function actionsOn(model: ConfluenceModel, mark: Marks, most: number): Readonly<Record<string, Action>> {
  const live = () => [...model.contents.values()].filter(({ status }) => status === 'current')
  const pages = () => live().filter(({ type }) => type === 'page')
  const loose = () => live().filter(({ title }) => !title.startsWith('Part'))
  const below = (page: EmulatedContent) => live().filter((each) => above(model, each).includes(page))
  const reparent = (page: EmulatedContent, parent: EmulatedContent | undefined, isSameSpace: boolean) => {
    if (parent === undefined || (parent.spaceId === page.spaceId) !== isSameSpace) return
    if (!isSameSpace && below(page).some(({ title }) => title.startsWith('Part'))) return
    if (above(model, parent).includes(page)) return
    for (const each of below(page)) model.move(each.id, each.parentId, parent.spaceId)
    model.move(page.id, parent.id, parent.spaceId)
  }
  const move = (isSameSpace: boolean) => (one: number, other: number) => {
    const page = pick(pages(), one)
    if (page !== undefined) reparent(page, pick(pages(), other), isSameSpace)
  }
  return {
    edit(one, other) {
      const page = pick(live(), one)
      const parts = [[], [], ['Part one'], ['Part two'], ['Part two', 'Part one']][other % 5] ?? []
      if (page !== undefined) model.edit(page.id, { body: bodyOf(mark(), parts) })
    },
    rename(one) {
      const page = pick(loose(), one)
      if (page !== undefined) model.edit(page.id, { title: mark('Named') })
    },
    move: move(true),
    'move to the other space': move(false),
    remove(one, other) {
      const page = pick(loose(), one)
      if (page !== undefined) model.trash(page.id, other % 2 === 0 ? 'trashed' : 'archived')
    },
    restore(one) {
      const page = pick(
        [...model.contents.values()].filter(({ status }) => status !== 'current'),
        one,
      )
      if (page !== undefined) Object.assign(page, { status: 'current', parentId: null })
    },
    label: (one, other) => void Object.assign(pick(loose(), one) ?? {}, { labels: other % 2 === 0 ? [LEFT_OUT] : [] }),
    restrict(one, other) {
      const page = pick(live(), one)
      const names = pick(RESTRICTIONS, other) ?? null
      const restriction = names && { users: [], groups: names.map((name) => ({ id: `id-${name}`, name })) }
      if (page !== undefined) model.restrict(page.id, restriction)
    },
    add(one, other) {
      const parent = pick(pages(), one)
      if (parent === undefined || model.contents.size >= most) return
      const given = { spaceId: parent.spaceId, title: mark('New'), body: bodyOf(mark(), []) }
      if (other % 3 === 0) model.add({ ...given, type: 'blogpost' })
      else model.addPage({ ...given, parentId: parent.id })
    },
  }
}

function above(model: ConfluenceModel, content: EmulatedContent): readonly EmulatedContent[] {
  const parent = model.contents.get(content.parentId ?? '')
  return parent === undefined ? [content] : [content, ...above(model, parent)]
}

function truthOf(model: ConfluenceModel) {
  const live = [...model.contents.values()].filter(({ status }) => status === 'current')
  const taken = live.filter(({ labels }) => !labels.includes(LEFT_OUT))
  return new Map(
    live.map((content): [string, Truth] => {
      const access = accessOf(model, content)
      const marks = shownTo(access, content, model, taken, [])
      const isLeftOut = !taken.includes(content)
      return [content.id, { title: content.title, marks, access, ...(isLeftOut && { isLeftOut }) }]
    }),
  )
}

function accessOf(model: ConfluenceModel, content: EmulatedContent): Access {
  const limits = above(model, content).flatMap(({ restriction }) =>
    restriction === null
      ? []
      : [sortedReaders(restriction.groups.flatMap(({ name }) => READERS[`group:${name}`] ?? []))],
  )
  return limits.length === 0 ? STAFF : readersOfAll(limits)
}

/** With the texts of included pages that all readers may view. */
function shownTo(
  readers: Access,
  content: EmulatedContent,
  model: ConfluenceModel,
  taken: readonly EmulatedContent[],
  path: readonly string[],
): readonly string[] {
  const parts = [...content.body.matchAll(INCLUDES)].map(([, title]) => taken.find((each) => each.title === title))
  const shown = parts.filter((part) => part !== undefined && ![...path, content.id].includes(part.id))
  return [
    ...marksOf(content.body),
    ...shown.flatMap((part) => {
      if (part === undefined || !isFor(readers, accessOf(model, part))) return []
      return shownTo(readers, part, model, taken, [...path, content.id])
    }),
  ]
}

function isFor(readers: Access, access: Access): boolean {
  return readers !== 'public' && readers.every((reader) => access.includes(reader))
}
