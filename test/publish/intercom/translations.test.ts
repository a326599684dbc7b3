/** Documents of one group are one article in several languages. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../pages.ts'
import { ARTICLES, type PublishStage, startPublishStage } from './stage.ts'

let stage: PublishStage

const ENGLISH: Page = { id: '1:en', group: '1', locale: 'en', title: 'Refunds', markdown: 'Ask us.\n' }
const FRENCH: Page = { id: '1:fr', group: '1', locale: 'fr-CA', title: 'Retours', markdown: 'Demandez-nous.\n' }
const ALONE: Page = { id: '2', title: 'VPN', markdown: 'Open the lock.\n' }
const GERMAN: Page = { id: '1:de', group: '1', locale: 'de', title: 'Rückgabe', markdown: 'Fragen Sie uns.\n' }
const FOREIGN: Page = { id: '3', locale: 'fr', title: 'Ouvrir', markdown: 'Ouvrez.\n' }

beforeEach(async () => {
  stage = await startPublishStage({ locales: ['en', 'fr'] })
  await stage.sync([ENGLISH, FRENCH, GERMAN, ALONE, FOREIGN])
})

afterEach(async () => {
  const { violations } = stage.site
  await stage.close()
  expect(violations).toEqual([])
})

const text = (title: string, locale: string) => stage.article(title).texts.get(locale)
const sum = (lines: readonly Record<string, unknown>[]) => lines.findLast(({ type }) => type === 'publication')

test('each language has its text; languages that the Help Center lacks, and what has no default one, are left out', async () => {
  const { code, lines } = await stage.publish('--live')
  const again = await stage.publish('--live', '--plan', '--exit-code')

  expect([code, again.code]).toEqual([0, 0])
  expect(sum(lines)).toMatchObject({ created: 2, leftOut: { 'other-language': 1, 'no-default-language': 1 } })
  expect(text('Refunds', 'en')).toMatchObject({ title: 'Refunds', state: 'published' })
  expect(text('Refunds', 'fr')).toMatchObject({ title: 'Retours', state: 'published' })
  expect(text('VPN', 'en')?.state).toBe('published')
})

test('a change of one language is staged for it alone, and published with the languages that changed', async () => {
  await stage.publish('--live')
  await stage.sync([ENGLISH, { ...FRENCH, markdown: 'Demandez-leur.\n' }, ALONE])
  await stage.publish()
  const staged = [text('Refunds', 'en')?.draft, text('Refunds', 'fr')?.draft?.body]
  const live = await stage.publish('--live')

  expect(staged).toEqual([null, expect.stringContaining('Demandez-leur.')])
  expect(live.code).toBe(0)
  expect(text('Refunds', 'fr')).toMatchObject({ draft: null, body: expect.stringContaining('Demandez-leur.') })
  expect(stage.site.requests.filter(({ name }) => name.endsWith('/draft/publish')).map(({ body }) => body)).toEqual([
    { locales: ['fr'] },
  ])
})

test('a translation that comes later is added, and one that the audience may not read goes, even if a guard stops the rest', async () => {
  await stage.sync([ENGLISH, ALONE])
  await stage.publish('--live')
  await stage.sync([ENGLISH, FRENCH, ALONE])
  await stage.publish('--live')
  const added = text('Refunds', 'fr')?.state
  await stage.sync([ENGLISH, { ...FRENCH, access: ['group:staff'] }, ALONE])
  const { code } = await stage.publish('--allow-deletes', '0')
  const again = await stage.publish('--plan', '--exit-code')

  expect([added, code, again.code]).toEqual(['published', 0, 0])
  expect(text('Refunds', 'fr')).toMatchObject({ state: 'draft', body: '' })
  expect(text('Refunds', 'en')?.state).toBe('published')
})

test('an edited translation that the audience may not read becomes a draft, and the edit stays', async () => {
  await stage.publish('--live')
  stage.site.library.edit(stage.article('Refunds').id, { body: '<p>Le mien</p>' }, 'fr')
  await stage.sync([ENGLISH, { ...FRENCH, access: ['group:staff'] }, ALONE])
  const { code, lines } = await stage.publish('--live')

  expect(code).toBe(3)
  expect(sum(lines)).toMatchObject({ hidden: 1 })
  expect(text('Refunds', 'fr')).toMatchObject({ state: 'draft', body: '<p>Le mien</p>' })
  expect(text('Refunds', 'en')?.state).toBe('published')
})

test('what somebody wrote in a language that comes later, or that is no document of ours, is neither written over nor deleted', async () => {
  await stage.sync([ENGLISH, ALONE])
  await stage.publish('--live')
  const { id } = stage.article('Refunds')
  stage.site.library.updateArticle(stage.article('Refunds'), {
    translated_content: { fr: { title: 'Retours', body: '<p>Le mien</p>', state: 'published' } },
  })
  const quiet = await stage.publish('--live')
  await stage.sync([ENGLISH, FRENCH, ALONE])
  const blocked = await stage.publish('--live')
  await stage.sync([ALONE])
  const lost = await stage.publish('--live')

  expect([quiet.code, blocked.code, lost.code]).toEqual([0, 3, 3])
  expect(blocked.lines).toContainEqual(
    expect.objectContaining({ type: 'held', why: 'edited', diff: expect.stringContaining('+Le mien') }),
  )
  expect(stage.site.library.articles.get(id)?.texts.get('fr')?.body).toBe('<p>Le mien</p>')
})

test('who answers from a translation that is a draft is told with it, and that is no edit', async () => {
  await stage.sync([ENGLISH, ALONE])
  await stage.publish('--live')
  await stage.sync([ENGLISH, FRENCH, ALONE])
  await stage.publish()
  stage.configure(`${ARTICLES}      fin: false\n`)
  const { code } = await stage.publish()
  const next = await stage.publish('--plan', '--exit-code')

  expect([code, text('Refunds', 'fr')?.chatbot, stage.article('Refunds').chatbot]).toEqual([0, false, true])
  expect([next.code, next.lines.filter(({ type }) => type === 'held')]).toEqual([0, []])
})

test('a language that somebody took out is not put back unseen', async () => {
  await stage.publish('--live')
  stage.article('Refunds').texts.delete('fr')
  await stage.sync([{ ...ENGLISH, markdown: 'Ask them.\n' }, FRENCH, ALONE])
  const { code, lines } = await stage.publish('--live')

  expect(code).toBe(3)
  expect(lines).toContainEqual(expect.objectContaining({ why: 'edited', diff: expect.stringContaining('+removed') }))
})

test('with a language that the audience may not read its staged change goes too', async () => {
  await stage.publish('--live')
  await stage.sync([ENGLISH, { ...FRENCH, title: 'Secret', markdown: 'Un canari.\n' }, ALONE])
  await stage.publish()
  const waiting = text('Refunds', 'fr')?.draft?.title
  await stage.sync([ENGLISH, { ...FRENCH, access: ['group:staff'] }, ALONE])
  await stage.publish()

  expect(waiting).toBe('Secret')
  expect(text('Refunds', 'fr')).toMatchObject({ state: 'draft', body: '', draft: null })
})

test('a guard that keeps lost languages does not keep one that the audience may not read', async () => {
  const many = Array.from({ length: 15 }, (_, at) => [
    { ...ENGLISH, id: `m${at}:en`, group: `m${at}`, title: `M ${at}` },
    { ...FRENCH, id: `m${at}:fr`, group: `m${at}`, title: `F ${at}` },
  ]).flat()
  const german = { ...GERMAN, id: 'm0:de', group: 'm0' }
  const later = many.filter(({ locale }) => locale === 'en')
  await stage.close()
  stage = await startPublishStage({ locales: ['en', 'fr', 'de'] })
  await stage.sync([...many, german])
  await stage.publish('--live')
  await stage.sync([...later, { ...german, access: ['group:staff'] }], { deletes: 20, wider: 0 })
  const stopped = await stage.publish('--live')
  const states = ['fr', 'de'].map((locale) => text('M 0', locale)?.state)
  const allowed = await stage.publish('--live', '--allow-deletes', '15')
  const plan = await stage.publish('--live', '--plan', '--exit-code')

  expect([stopped.code, states, allowed.code, plan.code]).toEqual([11, ['published', 'draft'], 0, 0])
  expect(text('M 0', 'fr')).toMatchObject({ state: 'draft', body: '' })
})

test('whether Fin answers is said of each language, also of one that is published already', async () => {
  await stage.publish('--live')
  const before = text('Refunds', 'fr')?.chatbot
  stage.configure(ARTICLES.replace('collections:', 'fin: false\n      collections:'))
  const { code } = await stage.publish('--live')
  const plan = await stage.publish('--live', '--plan', '--exit-code')

  expect([code, plan.code]).toEqual([0, 0])
  expect([before, text('Refunds', 'fr')?.chatbot, stage.article('Refunds').chatbot]).toEqual([true, false, false])
})

test('a text that could not be hidden is not written over, so that the next run hides it', async () => {
  const british: Page = { ...ENGLISH, id: '1:uk', locale: 'en-GB', markdown: 'Ask them.\n' }
  await stage.sync([ENGLISH, british, FRENCH], { deletes: 9, wider: 0 })
  await stage.publish('--live')
  await stage.sync([{ ...ENGLISH, access: ['group:staff'] }, british, FRENCH])
  stage.site.fail({ kind: 'status', status: 422, match: /^PUT \/articles\/\d+$/ })
  const failed = await stage.publish()
  const waiting = { ...text('Refunds', 'en') }
  const { code } = await stage.publish()

  expect([failed.code, code]).toEqual([3, 0])
  expect(waiting).toMatchObject({ body: expect.stringContaining('Ask us.'), draft: null })
  expect(text('Refunds', 'en')).toMatchObject({ state: 'draft', body: expect.stringContaining('Ask them.') })
  expect(text('Refunds', 'fr')?.state).toBe('published')
})

test('a text that may no longer be read is hidden at once where another document takes its place', async () => {
  const british: Page = { ...ENGLISH, id: '1:uk', locale: 'en-GB', markdown: 'Ask them.\n' }
  await stage.sync([ENGLISH, british, FRENCH], { deletes: 9, wider: 0 })
  await stage.publish('--live')
  await stage.sync([{ ...ENGLISH, access: ['group:staff'] }, british, FRENCH])
  const { code } = await stage.publish()
  const waiting = { ...text('Refunds', 'en') }
  const live = await stage.publish('--live')

  expect([code, live.code]).toEqual([0, 0])
  expect(waiting).toMatchObject({ state: 'draft', body: expect.stringContaining('Ask them.') })
  expect(text('Refunds', 'en')).toMatchObject({ state: 'published', draft: null })
  expect(text('Refunds', 'fr')?.state).toBe('published')
})
