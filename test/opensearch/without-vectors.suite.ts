/** What a cluster without the k-NN plugin is asked: all that is asked of any driver, without vectors. */
import { expect, onTestFinished, test } from 'vitest'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { startStage } from '../cli/stage.ts'
import { testIndex } from '../conformance/index-driver.ts'
import { DIMENSIONS } from '../embed/embedding-server.ts'
import { startedRemote } from './remote.ts'

const remote = startedRemote()

test('a sync with an embedder stores what words find, says what is missing, and ends with 2; without one, with 0', async () => {
  const stage = await startStage()
  onTestFinished(() => stage.close())
  stage.addPages(2)
  const index = `index: "${remote.place()}"\n`
  // Nobody answers there: nobody is asked.
  const asked = `baseUrl: "http://127.0.0.1:1", model: m, dimensions: ${DIMENSIONS}`
  stage.configure({ top: `${index}embedder: { provider: openai-compatible, ${asked} }\n` })

  const sync = await stage.run('sync')

  expect(sync.stderr).toMatch(/can hold no vectors: its cluster had no k-NN plugin/)
  expect(sync.stderr).toContain('Install opensearch-knn on every node')
  expect(sync.code).toBe(2)
  stage.configure({ top: index })
  expect(await stage.run('sync')).toMatchObject({ code: 0 })
  const search = await stage.run('search', 'Page', '--json')
  expect(search.stdout.trim().split('\n')).toHaveLength(2)
  expect(search.code).toBe(0)
})

testIndex({
  name: 'OpenSearch',
  hasVectors: false,
  place: () => {
    const location = remote.place()
    return { write: () => openOpenSearch(location), read: () => openOpenSearch(location, { mode: 'read' }) }
  },
})
