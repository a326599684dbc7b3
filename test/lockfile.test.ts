import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Package {
  readonly gypfile?: boolean
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const packages = packagesOf('..')

function packagesOf(folder: string): Readonly<Record<string, Package>> {
  return JSON.parse(readFileSync(join(import.meta.dirname, folder, 'package-lock.json'), 'utf8')).packages
}

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

test.each(['..', 'bench'])('the lock file in %s holds no download address', (folder) => {
  expect(Object.values(packagesOf(folder)).filter(({ resolved }) => resolved !== undefined)).toEqual([])
})

/** Two copies do not type-check together: https://github.com/googleapis/nodejs-googleapis-common/issues/129 */
test('the Google clients share one auth library', () => {
  expect(Object.keys(packages).filter((path) => path.endsWith('node_modules/google-auth-library'))).toHaveLength(1)
})
