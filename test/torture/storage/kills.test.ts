import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomFrom } from '../../fuzz/random.ts'
import { killMigrations, killRepairs } from './kills.ts'

const ROUNDS = 2

test.each([killMigrations, killRepairs])('%o leaves a sound file', { timeout: 60_000 }, async (kill) => {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-torture-'))
  const { kills, late, missed } = await kill(folder, ROUNDS, randomFrom(1))
  rmSync(folder, { recursive: true })

  expect(missed).toEqual([])
  expect(kills + late).toBe(ROUNDS)
})
