import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderLock } from '../../src/cli/folder-lock.ts'
import { asUnsiloError } from '../../src/core/errors.ts'
import { markerName, openMarkedFolder, type Purpose } from '../../src/publish/folder/marked-folder.ts'
import { fileName, folderName, slug } from '../../src/publish/folder/names.ts'
import { capturedIo } from '../cli/captured-io.ts'

let base: string
let folder: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'unsilo-export-'))
  folder = join(base, 'export')
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

/** Nobody else is in it. */
const opened = (path: string, purpose: Purpose) => openMarkedFolder(path, purpose, async () => () => undefined)

const ALL = { as: ['group:staff'], sources: [] }

async function refusal(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'accepted',
    (thrown) => asUnsiloError(thrown).code,
  )
}

describe('the folder', () => {
  test('holds what is written, replaces it, and knows its own files the next time', async () => {
    const first = await opened(folder, 'export')
    await first.mark({ ...ALL, files: ['wiki/a-00000001.md'] })
    const written = [await first.write('wiki/a-00000001.md', 'one'), await first.write('wiki/a-00000001.md', 'one')]
    const second = await opened(folder, 'export')
    await second.write('wiki/a-00000001.md', 'two')

    expect(written).toEqual([true, false])
    expect(second.earlier).toMatchObject({ ...ALL, files: ['wiki/a-00000001.md'] })
    expect(readdirSync(join(folder, 'wiki'))).toEqual(['a-00000001.md'])
    expect(readFileSync(join(folder, 'wiki/a-00000001.md'), 'utf8')).toBe('two')
  })

  test('that holds other files is refused and untouched', async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'thesis.md'), 'mine')

    expect(await refusal(opened(folder, 'export'))).toBe('USAGE')
    expect(readdirSync(folder)).toEqual(['thesis.md'])
  })

  test.each([
    ['names a file outside', '{"unsilo":"export-1","as":[],"sources":[],"files":["../thesis.md"]}'],
    ['names a file that we would not write', '{"unsilo":"export-1","as":[],"sources":[],"files":["wiki/Thesis.md"]}'],
    ['is not ours', '{"files":[]}'],
    ['is not JSON', 'hello'],
  ])('whose list %s is refused', async (_name, marker) => {
    mkdirSync(folder)
    writeFileSync(join(folder, markerName('export')), marker)

    expect(await refusal(opened(folder, 'export'))).toBe('USAGE')
  })

  test('removes a file and the folder that it leaves empty, never a folder that holds something else', async () => {
    const open = await opened(folder, 'export')
    await open.write('a/x-00000001.md', 'x')
    await open.write('b/x-00000001.md', 'x')
    writeFileSync(join(folder, 'b/mine.txt'), 'mine')
    await open.remove('a/x-00000001.md')
    await open.remove('b/x-00000001.md')

    expect(readdirSync(folder)).toEqual(['b'])
    expect(readdirSync(join(folder, 'b'))).toEqual(['mine.txt'])
  })
})

describe('what a killed run had begun to write', () => {
  const half = '.unsilo-123e4567-e89b-42d3-a456-426614174000.tmp'

  test('is gone the next time, wherever it is, and nothing else', async () => {
    const first = await opened(folder, 'publish')
    await first.write('a/x-00000001.md', 'x')
    await first.mark({ ...ALL, files: ['a/x-00000001.md'] })
    for (const file of [half, `a/${half}`, '.unsilo-mine.tmp']) writeFileSync(join(folder, file), 'half')
    await opened(folder, 'publish')

    expect(readdirSync(folder).sort()).toEqual(['.unsilo-mine.tmp', '.unsilo-publish.json', 'a'])
    expect(readdirSync(join(folder, 'a'))).toEqual(['x-00000001.md'])
  })

  test('makes no new folder somebody else’s', async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, half), 'half')

    expect((await opened(folder, 'publish')).earlier).toBeNull()
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a symbolic link', () => {
  test('in the place of a folder is not followed, to write or to remove', async () => {
    const outside = join(base, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'x-00000001.md'), 'mine')
    const open = await opened(folder, 'export')
    symlinkSync(outside, join(folder, 'wiki'))

    expect(await refusal(open.write('wiki/x-00000001.md', 'ours'))).toBe('DISK')
    await open.remove('wiki/x-00000001.md')
    expect(readFileSync(join(outside, 'x-00000001.md'), 'utf8')).toBe('mine')
  })

  test('in the place of a file is replaced, its target kept', async () => {
    const target = join(base, 'target.md')
    writeFileSync(target, 'mine')
    const open = await opened(folder, 'export')
    mkdirSync(join(folder, 'wiki'))
    symlinkSync(target, join(folder, 'wiki/x-00000001.md'))
    await open.write('wiki/x-00000001.md', 'ours')

    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(readFileSync(join(folder, 'wiki/x-00000001.md'), 'utf8')).toBe('ours')
  })

  test.each(['.unsilo-export.lock', '.unsilo-export.holder'])(
    'in the place of %s is refused, its target kept',
    async (name) => {
      const target = join(base, 'target')
      writeFileSync(target, '')
      mkdirSync(folder)
      symlinkSync(target, join(folder, name))

      expect(await refusal(openMarkedFolder(folder, 'export', folderLock('export', capturedIo(base))))).toBe('USAGE')
      expect(readFileSync(target, 'utf8')).toBe('')
    },
  )

  test('in the place of the list is refused', async () => {
    writeFileSync(join(base, 'list.json'), '{"unsilo":"export-1","as":[],"sources":[],"files":[]}')
    mkdirSync(folder)
    symlinkSync(join(base, 'list.json'), join(folder, markerName('export')))

    expect(await refusal(opened(folder, 'export'))).toBe('USAGE')
  })
})

describe('names', () => {
  test.each([
    ['How do I reset my password?', 'how-do-i-reset-my-password'],
    ['Élan Vital – été', 'elan-vital-ete'],
    ['../../etc/passwd', 'etc-passwd'],
    ['C:\\Windows\\system32', 'c-windows-system32'],
    ['日本語', ''],
    ['\u0000\u202e', ''],
    [`${'long '.repeat(40)}`, 'long-long-long-long-long-long-long-long-long-long-long-long'],
  ])('%j is written %j', (title, expected) => {
    expect(slug(title)).toBe(expected)
  })

  test.each([
    ['wiki', 'wiki'],
    ['con', 'con-'],
    ['COM1', 'com1-'],
    ['..', 'folder-'],
  ])('the folder of %j begins with %j', (name, expected) => {
    expect(folderName(name).startsWith(expected)).toBe(true)
  })

  test('two documents never share a file, and one keeps its name whoever else is there', () => {
    const alone = fileName('Refunds', 'wiki:1', () => false)
    const crowded = fileName('Refunds', 'wiki:1', (name) => name === alone)

    expect(alone).toMatch(/^refunds-[0-9a-f]{8}\.md$/)
    expect(fileName('Refunds', 'wiki:2', () => false)).not.toBe(alone)
    expect(crowded).toMatch(/^refunds-[0-9a-f]{16}\.md$/)
  })
})
