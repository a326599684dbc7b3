import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { type CapturedIo, capturedIo, jsonLines } from './captured-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'unsilo-floors-'))
cpSync(join(import.meta.dirname, '../../fixtures/google-docs/bicycle-hire'), join(folder, 'hire'), { recursive: true })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function tested(searches: string, ...flags: readonly string[]): Promise<{ code: number; io: CapturedIo }> {
  writeFileSync(join(folder, 'hire', 'searches.yaml'), searches)
  const io = capturedIo(folder)
  return { code: await run(['test', 'hire', ...flags], io), io }
}

const FOUND = '{ text: lost key, expect: ["bicycle-hire:file-3"], within: 3 }'
const LOST = '{ text: lost key, expect: ["bicycle-hire:gone"] }'

test('what a story must answer is asked at its end, and what is not found fails, also with --update', async () => {
  expect((await tested(`queries: [${FOUND}]`)).code).toBe(0)
  const { code, io } = await tested(`queries: [${FOUND}, ${LOST}]`)

  expect(code).toBe(1)
  expect(io.out()).toBe(
    'not found: hire: "lost key": bicycle-hire:gone not in the first 10\nnot found: hire: recall 0.5000, at least 1 is asked for\n',
  )
  expect((await tested(`queries: [${LOST}]`, '--update')).code).toBe(1)
  expect(jsonLines((await tested(`queries: [${LOST}]`, '--json')).io.out())).toMatchObject([
    { missed: [{}, {}].map(() => expect.any(String)) },
  ])
})

test('a floor below all lets some be missed; who asks counts', async () => {
  expect((await tested(`{ recall: 0.5, queries: [${FOUND}, ${LOST}] }`)).code).toBe(0)
  expect((await tested('queries: [{ text: lost key, expect: ["bicycle-hire:file-3"], as: [public] }]')).code).toBe(1)
})

test.for(['queries: []', 'queries: [{ text: a }]', 'recall: 2\nqueries: [{ text: a, expect: [b] }]', '{'])(
  '%j is refused by the file and the field',
  async (searches) => {
    const { code, io } = await tested(searches)

    expect(code).toBe(2)
    expect(io.err()).toMatch(/searches\.yaml: (queries|recall|is no YAML)/)
  },
)

test('a floor is not missed by what subtracting loses', async () => {
  const lost = Array.from({ length: 4 }, () => LOST).join(', ')

  expect((await tested(`{ recall: 0.2, queries: [${FOUND}, ${lost}] }`)).code).toBe(0)
})

test('a file of searches that can not be read is an error, and not as if it were not there', async () => {
  rmSync(join(folder, 'hire', 'searches.yaml'))
  mkdirSync(join(folder, 'hire', 'searches.yaml'))
  const io = capturedIo(folder)

  expect(await run(['test', 'hire'], io)).toBe(2)
  expect(io.err()).toContain("searches.yaml: can't be read")
})
