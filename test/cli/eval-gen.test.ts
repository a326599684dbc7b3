/** `unsilo eval gen`: what it writes of recorded sources, for whom, and what it leaves alone. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'unsilo-gen-'))
const fixtures = join(import.meta.dirname, '../../fixtures')

beforeAll(async () => {
  for (const source of ['google-docs', 'help-center']) {
    expect(
      await run(['sync', '--replay', join(fixtures, source), '--index', 'index.db', '-q'], capturedIo(folder)),
    ).toBe(0)
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function unsilo(...args: readonly string[]) {
  const io = capturedIo(folder)
  return { code: await run([...args, '--index', 'index.db'], io), io }
}

function written(dir: string): readonly string[] {
  return ['queries.jsonl', 'qrels.tsv'].map((name) => readFileSync(join(folder, dir, name), 'utf8'))
}

test('what it writes is what eval reads, and the same each time', async () => {
  const { code, io } = await unsilo('eval', 'gen', 'staff', '--as', 'group:staff', '--json')
  const first = written('staff')

  expect(code).toBe(0)
  const [line] = jsonLines(io.out())
  expect(line).toMatchObject({ type: 'generated', folder: join(folder, 'staff'), tickets: 0 })
  expect(Number(line?.['questions'])).toBeGreaterThan(5)
  expect((await unsilo('eval', 'staff', '-m', 'recall@10', '--fail-under', 'recall@10=0.9')).code).toBe(0)
  expect((await unsilo('eval', 'gen', 'staff', '--as', 'group:staff', '--force')).code).toBe(0)
  expect(written('staff')).toEqual(first)
})

test('without --as it is of what anybody may read, and of the sources that are named', async () => {
  expect((await unsilo('eval', 'gen', 'public')).code).toBe(0)
  const all = written('public').join('')
  expect(all).toContain('labour-law:')
  expect(all).not.toContain('bicycle-hire:')
  expect((await unsilo('eval', 'gen', 'hire', '--as', 'group:staff', '--source', 'bicycle-hire')).code).toBe(0)
  expect(written('hire').join('')).not.toContain('labour-law:')
})

test('questions that are there stay without --force; a corpus beside them would be asked instead', async () => {
  await unsilo('eval', 'gen', 'kept')
  writeFileSync(join(folder, 'kept/qrels.tsv'), 'mine')
  const { code, io } = await unsilo('eval', 'gen', 'kept')

  expect([code, io.err()]).toEqual([2, expect.stringContaining('is there already')])
  expect(written('kept')[1]).toBe('mine')
  writeFileSync(join(folder, 'kept/corpus.jsonl'), '{}')
  expect((await unsilo('eval', 'gen', 'kept', '--force')).io.err()).toContain('holds corpus.jsonl')
})

test('where there is nothing to ask, that is said, and nothing written', async () => {
  const { code, io } = await unsilo('eval', 'gen', 'none', '--source', 'bicycle-hire')

  expect([code, io.err()]).toEqual([
    1,
    expect.stringContaining('nothing to make questions of in what the public may read'),
  ])
  expect(existsSync(join(folder, 'none'))).toBe(false)
})
