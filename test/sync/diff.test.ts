import { expect, test } from 'vitest'
import type { Body } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type DocumentDiff, diffPlan } from '../../src/sync/diff.ts'
import { connector, type Page, type RunOptions, run } from './pages.ts'

const says = (html: string) => async (): Promise<Body> => ({ html })
const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'broken'))

/** What a plan for these pages would change of what is stored. The store it gets can't write. */
async function diffsOf(
  store: Store,
  pages: readonly Page[],
  options: RunOptions = {},
): Promise<readonly DocumentDiff[]> {
  const { plan } = await run(store, pages, { ...options, dryRun: true })
  if (plan === null) throw new Error('no plan')
  const { stored, heads, includers } = store
  const asked = {
    ...{ source: 's', connector: connector(pages, options), access: { level: 'staff' as const, principals: {} } },
    ...{ signal: new AbortController().signal, now: () => 0, ...options },
    store: { stored, heads, includers },
  }
  const diffs: DocumentDiff[] = []
  for await (const diff of diffPlan(asked, plan)) diffs.push(diff)
  return diffs
}

const same: readonly Page[] = [{ id: '8' }, { id: '9' }]

test('of what is edited, new, gone and failing', async () => {
  const store = openMemory()
  await run(store, [
    { id: '1', load: says('<p>One</p><p>Two</p>') },
    { id: '2', load: says('<p>Gone</p>') },
    { id: '3' },
    ...same,
  ])

  const diffs = await diffsOf(store, [
    { id: '1', version: '2', load: says('<p>One</p><p>Three</p>') },
    { id: '3', version: '2', load: fails },
    { id: '4', load: says('<p>New</p>') },
    { id: '8', title: 'Only renamed' },
    { id: '9' },
  ])

  const [edited, failing, added, renamed, gone] = diffs
  expect(edited).toMatchObject({ id: 's:1', kind: 'changed' })
  expect(edited?.diff).toContain('\n One\n \n-Two\n+Three\n')
  expect(failing).toMatchObject({ id: 's:3', diff: '', failure: { code: 'DOCUMENT_UNREADABLE', reason: 'broken' } })
  expect(added).toMatchObject({ id: 's:4', kind: 'added', diff: expect.stringContaining('@@ -0,0 +1,1 @@\n+New\n') })
  expect(renamed).toMatchObject({ id: 's:8', diff: '' })
  expect(gone).toMatchObject({ id: 's:2', kind: 'removed', diff: expect.stringContaining('\n-Gone\n') })
  expect(diffs).toHaveLength(5)
})

test('with what a document includes as it will be, for those who will read it', async () => {
  const store = openMemory()
  const include = '<unsilo-include target="1"><a href="https://example.com/1">1</a></unsilo-include>'
  const page = (id: string, html: string): Page => ({ id, load: says(html) })
  await run(store, [page('0', `<p>Old</p>${include}`), page('1', '<p>Target</p>'), page('2', include), ...same])

  const edited = await diffsOf(store, [
    { ...page('0', `<p>New</p>${include}`), version: '2' },
    { ...page('1', '<p>Target, edited</p>'), version: '2' },
    page('2', include),
    ...same,
  ])
  expect(edited.map(({ id, diff }) => [id, diff.match(/^[-+]\w.*$/gm)])).toEqual([
    ['s:0', ['-Old', '+New', '-Target', '+Target, edited']],
    ['s:1', ['-Target', '+Target, edited']],
    ['s:2', ['-Target', '+Target, edited']],
  ])

  const hidden = await diffsOf(store, [
    page('0', `<p>Old</p>${include}`),
    { id: '1', access: [] },
    page('2', include),
    ...same,
  ])
  expect(hidden.map(({ id }) => id)).toEqual(['s:0', 's:2'])
  for (const { diff } of hidden) expect(diff).not.toContain('+Target')
})

test('never shows what redaction removes, of the new text or of a stored one that still holds it', async () => {
  const store = openMemory()
  const said = async (): Promise<Body> => ({
    markdown: 'By Jean Canaria, jean@canaria.example.',
    people: ['Jean Canaria'],
  })
  const failing = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'of jean@canaria.example'))
  const include = '<unsilo-include target="1"><a href="https://example.com/1">1</a></unsilo-include>'
  await run(store, [
    { id: '0', load: says(include) },
    { id: '1', load: said },
    { id: '2', load: said },
    { id: '3' },
    ...same,
  ])
  expect((await store.stored(['s:0'])).get('s:0')?.markdown).toContain('Canaria')

  const diffs = await diffsOf(
    store,
    [
      { id: '0', version: '2', load: says(include) },
      { id: '1', version: '2', load: said },
      { id: '3', load: failing },
      ...same,
    ],
    { redact: { patterns: [] } },
  )

  expect(diffs.map(({ id }) => id)).toEqual(['s:0', 's:1', 's:3', 's:8', 's:9', 's:2'])
  expect(JSON.stringify(diffs).toLowerCase()).not.toContain('canaria')
  expect(diffs[1]?.diff).toContain('+By [PERSON_1], [EMAIL_1].')
})

test('never shows a name that a document includes from one whose people nobody knows yet', async () => {
  const store = openMemory()
  const said = async (): Promise<Body> => ({ markdown: 'By Jean Canaria.', people: ['Jean Canaria'] })
  const include = '<unsilo-include target="1"><a href="https://example.com/1">1</a></unsilo-include>'
  const redact = { patterns: [] }
  await run(store, [{ id: '0', load: says(include) }, { id: '1', load: said }, ...same])
  const failing: Page = { id: '1', version: '2', load: fails }
  await run(store, [{ id: '0', version: '2', load: says(include) }, failing, ...same], { redact })
  expect((await store.stored(['s:0'])).get('s:0')?.markdown).toContain('Canaria')

  const diffs = await diffsOf(store, [{ id: '0', version: '3', load: says('<p>Now</p>') }, failing, ...same], {
    redact,
  })

  expect(diffs.map(({ id }) => id)).toContain('s:0')
  expect(JSON.stringify(diffs)).not.toContain('Canaria')
})

test('is written as the run writes: each diff leads from what is stored to what will be', async () => {
  const store = openMemory()
  const before = Array.from(
    { length: 5 },
    (_, at): Page => ({ id: `${at}`, load: says(`<h1>${at}</h1><p>Old ${at}</p>`) }),
  )
  await run(store, before)
  const after = before.map(
    ({ id }): Page => ({ id, version: '2', load: says(`<h1>${id}</h1><ul><li>New ${id}</li></ul>`) }),
  )
  const diffs = await diffsOf(store, after)

  await run(store, after)

  const stored = await store.stored(await store.ids('s'))
  for (const { id, diff } of diffs) {
    const added = diff.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++'))
    for (const line of added) expect(stored.get(id)?.markdown).toContain(line.slice(1))
  }
})

test('loads no more than it is asked for, and ends where the run would', async () => {
  const store = openMemory()
  let loaded = 0
  const load = async (): Promise<Body> => {
    loaded += 1
    return { html: '<p>Text</p>' }
  }
  const pages = Array.from({ length: 100 }, (_, at): Page => ({ id: String(at), load }))
  const { plan } = await run(store, pages, { dryRun: true })
  const asked = {
    source: 's',
    connector: connector(pages, {}),
    access: { level: 'staff' as const, principals: {} },
    store,
  }
  if (plan === null) throw new Error('no plan')
  for await (const _ of diffPlan({ ...asked, signal: new AbortController().signal, now: () => 0 }, plan)) break
  expect(loaded).toBeLessThan(40)

  const rejected = () => Promise.reject(new UnsiloError('AUTH_REJECTED', 'no'))
  await expect(diffsOf(store, [{ id: '1', load: rejected }])).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
})

test('texts that have next to nothing in common are shown one for the other, soon', async () => {
  const store = openMemory()
  const text = (word: string) => Array.from({ length: 5_000 }, (_, at) => `<p>${word} ${at}</p>`).join('')
  await run(store, [{ id: '1', load: says(text('old')) }, ...same])

  const [diff] = await diffsOf(store, [{ id: '1', version: '2', load: says(text('new')) }, ...same])

  expect(diff?.diff).toContain('@@ -1,9999 +1,9999 @@\n-old 0\n')
  expect(diff?.diff).not.toContain('\n \n')
  expect(diff?.diff.endsWith('+new 4999\n')).toBe(true)
})
