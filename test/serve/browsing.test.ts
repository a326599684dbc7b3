/** What pages are made of: documents as HTML, what stands beside them, collections. */
import { expect, test } from 'vitest'
import { type Knowledge, knowledgeFile } from './knowledge.ts'
import { SERVICE_TOKEN, serving, userToken } from './stage.ts'

const ARTICLE = `# Set it up

See [the start](#set-it-up), [another](/other) and [mail](mailto:help@example.com).

## Then

![a picture](https://img.example/a.png) ![none](http://img.example/b.png) <script>alert(1)</script>
`

const pages: Knowledge = {
  wiki: {
    a: { title: 'A', markdown: ARTICLE, more: { path: ['Guide'], group: 'a', locale: 'en-GB' } },
    b: { title: 'B', markdown: 'Text.', access: ['group:staff'], more: { path: ['Guide'] } },
    c: { title: 'C', markdown: 'Text.', more: { path: ['Guide', 'More'] } },
    d: { title: 'D', markdown: 'Text.', access: ['group:staff'], more: { path: ['Hidden'] } },
    f: { title: 'F', markdown: 'Texte.', more: { path: ['Guide FR'], group: 'a', locale: 'fr' } },
    g: {
      title: 'G',
      markdown: 'Text.',
      access: ['group:staff'],
      more: { path: ['Guide FR'], group: 'a', locale: 'de' },
    },
  },
  tickets: {
    1: { title: 'One', markdown: 'Text.', access: ['group:customers'], more: { path: [], kind: 'ticket' } },
    2: { title: 'Two', markdown: 'Text.', access: ['group:customers'], more: { path: ['Team'], url: '' } },
  },
  plans: { 1: { title: 'Plan', markdown: 'Text.', access: ['group:staff'] } },
}
const file = await knowledgeFile(pages)

test('a document comes as HTML for a page, with its headings and what stands beside it', async () => {
  const { ask } = await serving(file)

  const { json } = await ask('/v1/documents/wiki:a?format=html')

  expect(json).toEqual({
    ...{ id: 'wiki:a', title: 'A', url: 'https://wiki.example/a', path: ['Guide'], kind: 'page', source: 'wiki' },
    ...{ language: 'en', locale: 'en-GB', labels: [], updated_at: '2026-01-01T00:00:00Z' },
    previous: null,
    next: { id: 'wiki:c', title: 'C' },
    translations: [{ locale: 'fr', id: 'wiki:f', title: 'F' }],
    html: [
      '<h1 id="h-set-it-up">Set it up</h1>',
      '<p>See <a href="#h-set-it-up">the start</a>, <a href="https://wiki.example/other" rel="noopener nofollow">another</a> and <a href="mailto:help@example.com" rel="noopener nofollow">mail</a>.</p>',
      '<h2 id="h-then">Then</h2>',
      '<p><img src="https://img.example/a.png" alt="a picture" loading="lazy" referrerpolicy="no-referrer" /> none &lt;script&gt;alert(1)&lt;/script&gt;</p>',
      '',
    ].join('\n'),
    outline: [
      { level: 1, text: 'Set it up', id: 'h-set-it-up' },
      { level: 2, text: 'Then', id: 'h-then' },
    ],
    truncated: false,
  })
})

test('what stands beside a document is what its reader may read, whatever the format', async () => {
  const { ask } = await serving(file)
  const beside = async (path: string, token?: string) => {
    const { json } = await ask(path, token === undefined ? {} : { token })
    return [json.previous?.id, json.next?.id, json.translations.map(({ id }: { id: string }) => id)]
  }

  expect(await beside('/v1/documents/wiki:c')).toEqual(['wiki:a', 'wiki:f', []])
  expect(await beside('/v1/documents/wiki:c?format=markdown', SERVICE_TOKEN)).toEqual(['wiki:b', 'wiki:f', []])
  expect(await beside('/v1/documents/wiki:a?format=html', SERVICE_TOKEN)).toEqual([
    undefined,
    'wiki:b',
    ['wiki:f', 'wiki:g'],
  ])
})

test('each format has a tag of its own', async () => {
  const { ask } = await serving(file)
  const page = (await ask('/v1/documents/wiki:a?format=html')).headers.get('etag') ?? ''

  expect((await ask('/v1/documents/wiki:a?format=html', { headers: { 'if-none-match': page } })).status).toBe(304)
  expect((await ask('/v1/documents/wiki:a', { headers: { 'if-none-match': page } })).status).toBe(200)
  expect((await ask('/v1/documents/wiki:a?format=pdf')).status).toBe(400)
})

test('the outermost collections are told first, and a source itself where documents stand in none', async () => {
  const { ask } = await serving(file)
  const told = async (token?: string) => (await ask('/v1/collections', token === undefined ? {} : { token })).json
  const guides = [
    { source: 'wiki', path: ['Guide'], title: 'Guide', documents: 2 },
    { source: 'wiki', path: ['Guide FR'], title: 'Guide FR', documents: 1 },
  ]

  expect(await told()).toEqual({ collections: guides })
  expect(await told(await userToken())).toEqual({
    collections: [{ source: 'tickets', path: [], title: 'tickets', documents: 2 }, ...guides],
  })
})

test('a collection tells what is right inside it', async () => {
  const { ask } = await serving(file)
  const token = await userToken()

  expect((await ask('/v1/collections?source=wiki&path=Guide')).json).toEqual({
    collections: [{ source: 'wiki', path: ['Guide', 'More'], title: 'More', documents: 1 }],
    documents: [
      { id: 'wiki:a', title: 'A', url: 'https://wiki.example/a', updated_at: '2026-01-01T00:00:00Z', locale: 'en-GB' },
    ],
    cursor: null,
  })
  expect((await ask('/v1/collections?source=wiki&path=Guide&path=More')).json).toMatchObject({
    collections: [],
    documents: [{ id: 'wiki:c' }],
  })
  expect((await ask('/v1/collections?source=tickets', { token })).json).toMatchObject({
    collections: [{ path: ['Team'], documents: 1 }],
    documents: [{ id: 'tickets:1', locale: 'en' }],
  })
  expect((await ask('/v1/collections?source=tickets&path=Team', { token })).json.documents[0].url).toBe(
    'urn:unsilo:tickets%3A2',
  )
})

test('a long collection is told a part at a time', async () => {
  const { ask } = await serving(file)
  const part = async (more: string) =>
    (await ask(`/v1/collections?source=wiki&path=Guide&limit=1${more}`, { token: SERVICE_TOKEN })).json

  const first = await part('')
  const second = await part(`&cursor=${first.cursor}`)

  expect([first, second].map(({ documents }) => documents[0].id)).toEqual(['wiki:a', 'wiki:b'])
  expect([first.cursor === null, second.cursor]).toEqual([false, null])
})

test('a hidden collection is told as one that is not there, byte for byte', async () => {
  const { ask } = await serving(file)
  const texts = await Promise.all(
    ['wiki&path=Hidden', 'wiki&path=Nothing', 'plans', 'nothing'].map(
      async (query) => (await ask(`/v1/collections?source=${query}`)).text,
    ),
  )

  expect(new Set(texts).size).toBe(1)
  expect((await ask('/v1/collections?source=plans')).status).toBe(404)
})

test.each(['path=Guide', 'source=wiki&cursor=x', 'source=wiki&cursor=WzFd', 'source=wiki&limit=0', 'sources=wiki'])(
  'what is looked for wrongly is refused: %s',
  async (query) => {
    const { ask } = await serving(file)

    expect((await ask(`/v1/collections?${query}`)).status).toBe(400)
  },
)
