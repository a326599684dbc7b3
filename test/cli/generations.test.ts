/** What `unsilo index` does of an index that is a file; of one in OpenSearch: test/opensearch. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonLines } from './captured-io.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage()
})

afterEach(() => stage.close())

test('an index is made, and left as it is where it is there', async () => {
  const made = await stage.run('index', 'init', '--json')
  stage.addPages(2)
  await stage.run('sync')
  const again = await stage.run('index', 'init', '--json')
  const told = await stage.run('index', 'init')

  expect(jsonLines(made.stdout)).toEqual([{ type: 'generation', done: 'made', generation: 1, documents: 0 }])
  expect(jsonLines(again.stdout)).toEqual([{ type: 'generation', done: 'nothing', generation: 1, documents: 2 }])
  expect([told.code, told.stderr]).toEqual([
    0,
    expect.stringContaining('nothing was changed; generation 1 of 2 documents'),
  ])
})

test('a file has no generations: a new one is not made, and there is none to go back to', async () => {
  for (const asked of [['init', '--rebuild'], ['rollback']]) {
    const { code, stderr } = await stage.run('index', ...asked)

    expect([code, stderr]).toEqual([2, expect.stringContaining('Only opensearch: has generations')])
  }
})
