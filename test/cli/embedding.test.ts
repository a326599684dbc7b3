/** The program with an embedder: a real server whose vectors are made of the words of the texts. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { DIMENSIONS, embeddingsOf, type Instead, serveEmbeddings } from '../embed/embedding-server.ts'
import { WORDS, writeModel } from '../embed/small-onnx-model.ts'
import { closeServers } from '../http/serve.ts'
import { type Stage, startStage } from './stage.ts'

const stages: Stage[] = []

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
  await closeServers()
})

test('sync embeds what it stored, search asks by meaning too; a second sync asks for nothing', async () => {
  const { stage, asked } = await staged(3)

  const first = await stage.run('sync', '--json')
  expect(first.code).toBe(0)
  expect(lines(first.stdout).at(-1)).toMatchObject({ type: 'embedding', embedded: 3, waiting: { texts: 0 } })
  expect(asked.flatMap(({ input }) => input)).toHaveLength(3)
  expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer a-token-of-the-test']))

  expect(lines((await stage.run('sync', '--json')).stdout).at(-1)).toMatchObject({ type: 'embedding', embedded: 0 })
  const search = await stage.run('search', 'Page', '--json')
  expect(lines(search.stdout)).toHaveLength(3)
  expect(search.stderr).toBe('')
  expect(asked.at(-1)?.input).toEqual(['Page'])
})

test('a plan says how much there is to embed, and embeds nothing', async () => {
  const { stage, asked } = await staged(3)
  stage.configure({})
  await stage.run('sync')
  stage.configure({ top: embedder(asked.url) })

  const plan = await stage.run('plan')

  expect(plan.stderr).toMatch(/embedder: 3 stored passages to embed, about \d+ tokens/)
  expect(asked).toHaveLength(0)
})

test('another model embeds what is stored, and asks the source for nothing more than an ordinary run', async () => {
  const { stage, asked } = await staged(3)
  await stage.run('sync')
  const texts = asked.splice(0).flatMap(({ input }) => input)
  const requests = async () => {
    const before = stage.site.requests.length
    const { code } = await stage.run('sync')
    return { code, paths: stage.site.requests.slice(before).map(({ path, query }) => `${path}?${query}`) }
  }
  const ordinary = await requests()
  expect(asked).toHaveLength(0)
  stage.configure({ top: embedder(asked.url).replace('model: m', 'model: other') })

  const plan = await stage.run('plan')
  expect(await requests()).toEqual(ordinary)

  expect(plan.stderr).toContain('embedder: 3 stored passages to embed')
  expect(asked.flatMap(({ input }) => input).toSorted()).toEqual(texts.toSorted())
  expect(new Set(asked.map(({ model }) => model))).toEqual(new Set(['other']))
})

test('an embedder that is down: documents are stored, words find them, the code says try later; then it goes on', async () => {
  let down = true
  const { stage, asked } = await staged(3, (one) =>
    down && one.input[0] !== 'Page' ? { status: 401, body: '' } : undefined,
  )

  const sync = await stage.run('sync')
  expect(sync.code).toBe(4)
  expect(sync.stderr).toMatch(/embedder: The embedder at .* answered 401/)
  expect(sync.stderr).toContain('3 passages wait for a vector')
  expect(lines((await stage.run('search', 'Page', '--json')).stdout)).toHaveLength(3)

  down = false
  expect((await stage.run('sync')).code).toBe(0)
  expect(asked.filter(({ input }) => input.length > 1).at(-1)?.input).toHaveLength(3)
})

test('where the embedder fails, search answers by words and says so', async () => {
  const { stage } = await staged(2, ({ input }) => (input.length === 1 ? { body: '{"data":[]}' } : undefined))
  await stage.run('sync')

  const search = await stage.run('search', 'Page', '--json')

  expect(search.code).toBe(0)
  expect(lines(search.stdout)).toHaveLength(2)
  expect(search.stderr).toContain("Found by words alone, since the embedder can't be asked: The embedder at 127.0.0.1")
})

test('what is measured is what search finds, by meaning too; a corpus is sent only where that is asked for', async () => {
  const { stage, asked } = await staged(3, ({ input }) =>
    input[0] === 'qqqq' ? { body: JSON.stringify(embeddingsOf([meant])) } : undefined,
  )
  await stage.run('sync')
  const meant = asked.flatMap(({ input }) => input).find((text) => text.includes('Page 1')) ?? ''
  const found = lines((await stage.run('search', '"Page 1"', '--json')).stdout)[0]
  writeFileSync(join(stage.folder, 'queries.tsv'), 'q\tqqqq\n')
  writeFileSync(join(stage.folder, 'qrels.txt'), `q 0 ${found?.['id']} 1\n`)
  writeFileSync(join(stage.folder, 'corpus.qrels'), 'q 0 one 1\n')
  const documents = [{ _id: 'one', text: meant }, ...'abcdefgh'.split('').map((_id) => ({ _id, text: _id.repeat(9) }))]
  writeFileSync(join(stage.folder, 'documents'), documents.map((one) => JSON.stringify(one)).join('\n'))
  asked.splice(0)
  const evaluate = async (...args: readonly string[]) => await stage.run('eval', '-m', 'hit@1', '.', ...args)
  const ofCorpus = ['--corpus', 'documents', '--qrels', 'corpus.qrels']

  const ofIndex = lines((await evaluate('--json')).stdout)[0]
  expect(ofIndex).toMatchObject({ measures: { 'hit@1': 1 }, embedder: `openai-compatible:m:${DIMENSIONS}` })
  expect((await evaluate()).stderr).toContain('by words and vectors')
  expect(new Set(asked.splice(0).flatMap(({ input }) => input))).toEqual(new Set(['qqqq']))
  const byWords = await evaluate(...ofCorpus, '--json')
  expect(lines(byWords.stdout)[0]).toMatchObject({ measures: { 'hit@1': 0 }, embedder: null })
  expect(asked).toHaveLength(0)
  const embedded = await evaluate(...ofCorpus, '--embed', '--json')
  expect(lines(embedded.stdout)[0]).toMatchObject({ measures: { 'hit@1': 1 }, documents: 9 })
})

test('nothing is measured by words alone because the embedder fails; what has no vector yet is said', async () => {
  let down = false
  const { stage, asked } = await staged(3, () => (down ? { status: 401, body: '' } : undefined))
  writeFileSync(join(stage.folder, 'queries.tsv'), 'q\tPage\n')
  writeFileSync(join(stage.folder, 'qrels.txt'), 'q 0 wiki:1 1\n')
  await stage.run('sync')
  stage.configure({ top: embedder(asked.url).replace('model: m', 'model: other') })

  expect((await stage.run('eval', '.')).stderr).toContain('3 passages have no vector of this model yet')
  down = true
  const failed = await stage.run('eval', '.')
  expect(failed).toMatchObject({ code: 4, stdout: '' })
  expect(failed.stderr).toContain('answered 401')
})

test('a sync that is killed while it embeds has kept what it had, and the next goes on there', async () => {
  const killed = Promise.withResolvers<void>()
  const { stage, asked } = await staged(
    6,
    (_, nth) => {
      if (nth === 3) killed.resolve()
      return nth === 3 ? { status: 503, headers: { 'retry-after': '60' }, body: '' } : undefined
    },
    'batch: { texts: 2 }, ',
  )
  const sync = stage.start('sync')
  const ended = new Promise((resolve) => sync.once('exit', resolve))
  await Promise.race([killed.promise, ended])
  sync.kill('SIGKILL')
  await ended
  const before = asked.length

  expect((await stage.run('sync')).code).toBe(0)
  expect(asked.slice(before).flatMap(({ input }) => input)).toHaveLength(2)
})

test('a model in a folder beside the configuration serves both too, and nothing is asked of the network', async () => {
  const { stage, asked } = await staged(2)
  writeModel(
    stage.folder,
    WORDS.map((_, word) => [word + 1, 1]),
  )
  stage.configure({ top: 'embedder: { provider: onnx, folder: ., dimensions: 2 }\n' })

  const sync = await stage.unsilo('sync', '--json')
  const search = await stage.unsilo('search', 'refund', '--json')

  expect(lines(sync.stdout).at(-1)).toMatchObject({ type: 'embedding', embedded: 2 })
  expect(lines(search.stdout)).toHaveLength(2)
  expect(search.stderr).toBe('')
  expect(asked).toHaveLength(0)
})

test.for([
  ['apiKey: canary', 'is a secret and must not stand in the file'],
  ['model: n', 'duplicate'],
  ['dimension: 3', 'did you mean dimensions'],
])('a configuration with %s is refused before anything is asked', async ([more = '', why]) => {
  const { stage, asked } = await staged(1)
  stage.configure({ top: embedder(asked.url, `${more}, `) })

  const sync = await stage.run('sync')

  expect(sync.code).toBe(2)
  expect(sync.stderr).toMatch(new RegExp(why ?? '', 'i'))
  expect(sync.stderr).not.toContain('canary')
  expect(asked).toHaveLength(0)
})

async function staged(pages: number, instead?: Instead, more = '') {
  const stage = await startStage()
  stages.push(stage)
  stage.addPages(pages)
  const { url, asked } = await serveEmbeddings(instead)
  stage.configure({ top: embedder(url, more) })
  return { stage, asked: Object.assign(asked, { url }) }
}

function embedder(url: string, more = ''): string {
  const key = more.includes('apiKey') ? '' : `apiKey: "\${env:TOKEN}", `
  return `embedder: { provider: openai-compatible, ${more}${key}baseUrl: "${url}", model: m, dimensions: ${DIMENSIONS} }\n`
}

function lines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
