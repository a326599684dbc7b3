import { expect, test } from 'vitest'
import { UnsiloError } from '../../../src/core/errors.ts'
import { translating } from '../../../src/indexes/sqlite/errors.ts'

test.for([
  ['SQLITE_FULL', 'DISK', /disk is full/],
  ['ENOSPC', 'DISK', /disk is full/],
  ['SQLITE_IOERR_WRITE', 'DISK', /\/data\/index\.db/],
  ['SQLITE_READONLY_DIRECTORY', 'DISK', /cannot be read or written/],
  ['EACCES', 'DISK', /cannot be read or written/],
  ['SQLITE_CORRUPT_VTAB', 'INDEX_DAMAGED', /damaged/],
  ['SQLITE_BUSY_SNAPSHOT', 'LOCKED', /in use/],
  ['SQLITE_CONSTRAINT_UNIQUE', 'UNEXPECTED', /said so/],
  ['ERR_INVALID_ARG_TYPE', 'UNEXPECTED', /said so/],
] as const)('%s is %s', ([cause, code, message]) => {
  const failing = () =>
    translating('/data/index.db', () => {
      throw Object.assign(new Error('said so'), { code: cause })
    })

  expect(failing).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
})

test.for([
  ['no such table: chunk', 'INDEX_DAMAGED'],
  ['no such fts5 table: main.fts', 'INDEX_DAMAGED'],
  ['vtable constructor failed: fts', 'INDEX_DAMAGED'],
  ['near "FORM": syntax error', 'UNEXPECTED'],
] as const)('a statement that fails with "%s" is %s', ([message, code]) => {
  const failing = () =>
    translating('/data/index.db', () => {
      throw Object.assign(new Error(message), { code: 'SQLITE_ERROR' })
    })

  expect(failing).toThrow(expect.objectContaining({ code }))
})

test('our own errors pass as they are', () => {
  const error = new UnsiloError('LOCKED', 'held')

  expect(() =>
    translating('/data/index.db', () => {
      throw error
    }),
  ).toThrow(error)
})
