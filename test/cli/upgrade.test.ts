/** What is said before an index of an older program is brought up to date. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { upgradeTeller } from '../../src/cli/upgrade.ts'
import { toThirdSchema } from '../indexes/sqlite/older-index.ts'
import { capturedIo } from './captured-io.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage()
  stage.addPages(2)
  await stage.run('sync')
})

afterEach(() => stage.close())

test('it is said before the first thing is done, and only where there is something to be done', async () => {
  const path = join(stage.folder, '.unsilo/index.db')
  toThirdSchema(path)
  const first = await stage.run('sync')
  const second = await stage.run('sync')

  expect([first.code, second.code]).toEqual([0, 0])
  expect(first.stderr).toMatch(
    /^\S+index\.db was written by an older unsilo\. First it is brought up to date \(schema 3 to \d+\): \d+ kB, copied to index\.db\.backup-v3 and then changed in one step, in about 1 s\. Ctrl-C does not stop that; a process that is killed leaves the index as it was\.\n/,
  )
  expect(existsSync(`${path}.backup-v3`)).toBe(true)
  expect(second.stderr).not.toContain('older')
})

test('a large one is told how long it takes, and --quiet tells nothing', () => {
  const upgrade = { path: '/index.db', from: 9, to: 13, bytes: 6e9, backup: '/index.db.backup-v9' }
  const [loud, quiet] = [capturedIo('/'), capturedIo('/')]
  upgradeTeller({ quiet: false }, loud)(upgrade)
  upgradeTeller({ quiet: true }, quiet)(upgrade)

  expect(loud.err()).toMatch(/6\.0 GB, copied to index\.db\.backup-v9 .* in about \d+ min\./)
  expect(quiet.err()).toBe('')
})
