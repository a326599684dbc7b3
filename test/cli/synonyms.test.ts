/** `synonyms:` of the configuration, at each command that asks. */
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'unsilo-synonyms-'))
const hire = join(import.meta.dirname, '../../fixtures/google-docs/bicycle-hire')
const COUNTER = 'bicycle-hire:file-3'

beforeAll(async () => {
  cpSync(hire, join(folder, 'hire'), { recursive: true })
  appendFileSync(join(folder, 'hire/unsilo.config.yaml'), '\nsynonyms: words.txt\n')
  write(
    'unsilo.config.yaml',
    'index: index.db\nsynonyms: words.txt\nsources:\n  bicycle-hire:\n    connector: google-docs\n',
  )
  write('corpus.jsonl', '{"_id":"keys","text":"A key was lost."}\n{"_id":"lights","text":"A light."}')
  write('queries.jsonl', '{"_id":"1","text":"latchkey"}')
  write('qrels.tsv', '1\t0\tkeys\t1\n')
  expect(await run(['sync', '--replay', hire, '--index', 'index.db', '-q'], capturedIo(folder))).toBe(0)
})

beforeEach(() => write('words.txt', 'latchkey, key\n'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}

async function unsilo(...args: readonly string[]) {
  const io = capturedIo(folder)
  return { code: await run(args, io), io }
}

async function found(command: string, text: string): Promise<readonly unknown[]> {
  return jsonLines((await unsilo(command, text, '--json')).io.out()).map(({ id }) => id)
}

test('search finds by a synonym, by that of today, without a sync', async () => {
  expect((await found('search', 'latchkey'))[0]).toBe(COUNTER)
  write('words.txt', '# none\n')
  expect(await found('search', 'latchkey')).toEqual([])
})

test('ask answers by it', async () => {
  expect((await found('ask', 'What does a lost latchkey cost the customer?'))[0]).toBe(COUNTER)
})

test('--explain names it', async () => {
  expect((await unsilo('search', 'latchkey', '--explain')).io.out()).toMatch(/latchkey +synonym: key /)
  const [searched] = jsonLines((await unsilo('search', 'latchkey', '--explain', '--json')).io.out())
  expect(searched).toMatchObject({ terms: [{ found: 'synonym', synonyms: [['key']] }] })
})

test('eval measures with it, of the index and of a corpus', async () => {
  write('index.tsv', `1\t0\t${COUNTER}\t1\n`)
  const args = ['-m', 'mrr', '--json', '--fail-under', 'mrr=1']
  expect((await unsilo('eval', '.', ...args)).code).toBe(0)
  expect((await unsilo('eval', '--queries', 'queries.jsonl', '--qrels', 'index.tsv', ...args)).code).toBe(0)
})

test('test asks with that of the folder', async () => {
  write('hire/searches.yaml', `queries: [{ text: latchkey, expect: ["${COUNTER}"], as: ["group:staff"] }]`)
  write('hire/words.txt', 'latchkey => key\n')
  expect((await unsilo('test', 'hire')).code).toBe(0)
  write('hire/words.txt', '# none\n')
  expect((await unsilo('test', 'hire')).code).toBe(1)
})

test('what is wrong in the file is said with its line, and nothing is found without it', async () => {
  write('words.txt', 'latchkey, key\nalone\n')
  const { code, io } = await unsilo('search', 'latchkey')

  expect([code, io.out()]).toEqual([2, ''])
  expect(io.err()).toContain('words.txt:2: has one word only')
})
