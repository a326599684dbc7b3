/** A source's documents as they truly are, who may read them, and who ever could. */
import type { Access } from '../../src/core/access.ts'
import type { Body } from '../../src/core/document.ts'

export type Operation =
  | { readonly type: 'edit'; readonly id: string }
  | { readonly type: 'include'; readonly id: string; readonly targets: readonly string[] }
  | { readonly type: 'rename'; readonly id: string }
  | { readonly type: 'delete'; readonly id: string }
  | { readonly type: 'restrict'; readonly id: string; readonly access: Access }
  | { readonly type: 'redact'; readonly id: string; readonly access: Access }

export interface Page {
  readonly version: number
  readonly access: Access
  readonly title: string
  /** What it includes below its own text, in order. */
  readonly targets: readonly string[]
}

export interface World {
  readonly pages: Map<string, Page>
  readonly log: string[]
  /** By `id@version`: everybody who could ever read that text. */
  readonly readers: Map<string, Set<string>>
  readonly deletedOnce: Set<string>
  versions: number
}

export function newWorld(): World {
  const world: World = { pages: new Map(), log: [], readers: new Map(), deletedOnce: new Set(), versions: 0 }
  for (const first of ['a', 'c', 'e']) perform(world, { type: 'edit', id: first })
  return world
}

export function perform(world: World, operation: Operation): void {
  const page = world.pages.get(operation.id)
  if (operation.type === 'delete') {
    if (page !== undefined) world.deletedOnce.add(operation.id)
    world.pages.delete(operation.id)
  } else if (operation.type === 'edit') {
    const { title = `Page ${operation.id}`, access = ['group:staff'] as const, targets = [] } = page ?? {}
    world.pages.set(operation.id, { version: ++world.versions, access, title, targets })
  } else if (page !== undefined) world.pages.set(operation.id, changed(world, page, operation))
  world.log.push(operation.id)
  note(world, operation.id)
}

function changed(world: World, page: Page, operation: Exclude<Operation, { type: 'edit' | 'delete' }>): Page {
  switch (operation.type) {
    case 'include':
      return { ...page, version: ++world.versions, targets: operation.targets }
    case 'rename':
      return { ...page, title: `${page.title} again` }
    case 'restrict':
      return { ...page, access: operation.access }
    case 'redact':
      return { ...page, version: ++world.versions, access: operation.access }
  }
}

function note(world: World, pageId: string): void {
  const page = world.pages.get(pageId)
  if (page === undefined) return
  const key = `${pageId}@${page.version}`
  const readers = world.readers.get(key) ?? new Set()
  for (const reader of page.access === 'public' ? ['public'] : page.access) readers.add(reader)
  world.readers.set(key, readers)
}

function textOf(pageId: string, version: number): string {
  return `Text of ${pageId}, version ${version}.`
}

/** What nobody may ever find of a page whose source is redacted. */
export const CANARY = 'Anna Canaria'
const WRITER = ` From ${CANARY}, anna@canaria.example.`
const REDACTED_WRITER = ' From [PERSON_1], [EMAIL_1].'

/** A page as its source tells it: with its writer named, whose title only the body says. */
export function personalBodyOf(pageId: string, page: Page): Body {
  const body = bodyOf(pageId, page, WRITER)
  return { ...body, title: `${page.title} by ${CANARY}`, people: [CANARY] }
}

export function personalTitle(title: string): string {
  return `${title} by [PERSON_1]`
}

export function bodyOf(pageId: string, { version, targets }: Page, writer = ''): Body {
  if (targets.length === 0) return { markdown: textOf(pageId, version) + writer }
  const includes = targets.map(
    (target) => `<unsilo-include target="${target}"><a href="${urlOf(target)}">${target}</a></unsilo-include>`,
  )
  return { html: `<p>${textOf(pageId, version)}${writer}</p>${includes.join('')}` }
}

/** The page as all of `readers` may see it. */
export function shownTo(
  readers: Access,
  world: World,
  pageId: string,
  isPersonal = false,
  path: readonly string[] = [pageId],
): string {
  const page = world.pages.get(pageId) as Page
  const included = page.targets.map((target) => {
    const access = world.pages.get(target)?.access
    const isShown = access !== undefined && mayAllRead(readers, access) && !path.includes(target)
    return isShown ? shownTo(readers, world, target, isPersonal, [...path, target]) : `[${target}](${urlOf(target)})`
  })
  return [textOf(pageId, page.version) + (isPersonal ? REDACTED_WRITER : ''), ...included].join('\n\n')
}

export function mayAllRead(readers: Access, access: Access): boolean {
  if (access === 'public' || readers === 'public') return access === 'public'
  return readers.every((reader) => access.includes(reader))
}

export function urlOf(pageId: string): string {
  return `https://example.com/${pageId}`
}
