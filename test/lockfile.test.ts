import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Package {
  readonly gypfile?: boolean
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const text = readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Package>> }

/** npm leaves out what the registry it asked does not have, and `npm ci` then refuses the file everywhere. */
test('every optional package of every platform stands in the lock file', () => {
  const paths = Object.keys(packages)
  const named = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))

  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([])
})

/**
 * `npm ci` compiles what has a binding.gyp unless the lock file itself says no, and `npm install` forgets that word:
 * put `"gypfile": false` back into the entry of better-sqlite3, which brings its binaries.
 */
test('npm ci needs no compiler and no headers', () => {
  expect(packages['node_modules/better-sqlite3']?.gypfile).toBe(false)
})

test('the lock file holds no download address', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
})

/** Two copies do not type-check together: https://github.com/googleapis/nodejs-googleapis-common/issues/129 */
test('the Google clients share one auth library', () => {
  expect(Object.keys(packages).filter((path) => path.endsWith('node_modules/google-auth-library'))).toHaveLength(1)
})
