import { beforeAll, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { knowledgeFile } from '../serve/knowledge.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

const SECRET = 'The vault code is changed on Fridays.'

let index = ''
beforeAll(async () => {
  index = await knowledgeFile({
    wiki: {
      '1': { title: 'Keys', markdown: 'A lost key costs fifteen euros.\n' },
      '2': { title: 'Vault', markdown: `${SECRET}\n`, access: ['group:staff'] },
    },
  })
})

async function ask(...args: readonly string[]) {
  const io = capturedIo('/')
  return { code: await run(['ask', '--index', index, ...args], io), out: io.out(), err: io.err() }
}

test('prints the sentence, where it stands and its link', async () => {
  const { code, out, err } = await ask('what does a lost key cost')

  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^A lost key costs fifteen euros\.\n {3}Keys · wiki:1\n {3}https:\/\/wiki\.example\/1\n/)
})

test('as data, one sentence a line', async () => {
  const [line] = jsonLines((await ask('what does a lost key cost', '--json')).out)

  expect(line).toMatchObject({ type: 'answer', rank: 1, id: 'wiki:1', source: 'wiki', kind: 'page', start: 0 })
  expect(line).not.toHaveProperty('score')
})

test('no answer is said on stderr and is no failure', async () => {
  const asked = ['when is the vault code changed']
  const [visitor, staff] = [await ask(...asked, '--as', 'public'), await ask(...asked)]

  expect([visitor.code, visitor.out]).toEqual([0, ''])
  expect(visitor.err).toContain('No answer in what the public may read.')
  expect(staff.out).toContain(SECRET)
  expect((await ask(...asked, '--as', 'public', '--json')).out).toBe('')
})

test('an unknown source and an empty question are errors', async () => {
  expect(await ask('key', '--source', 'wikki')).toMatchObject({ code: 2, out: '' })
  expect(await ask(' ')).toMatchObject({ code: 2, out: '' })
})
