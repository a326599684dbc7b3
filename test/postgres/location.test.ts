import { expect, test } from 'vitest'
import { parseLocation } from '../../src/indexes/postgres/location.ts'

test.for([
  ['postgres:///knowledge', { max: 4, statement_timeout: 30_000, ssl: false, database: 'knowledge' }],
  [
    'postgres://ann@db.example.com:5433/k',
    { host: 'db.example.com', port: 5433, user: 'ann', ssl: { rejectUnauthorized: true } },
  ],
  ['postgres://localhost/k?pool=20&timeout=5', { max: 20, statement_timeout: 5000, ssl: false }],
  ['postgres://localhost/k?sslmode=verify-full', { ssl: { rejectUnauthorized: true } }],
  ['postgres://db.example.com/k?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
  ['postgres://db.example.com/k?sslmode=disable', { ssl: false }],
  ['postgres:///k?host=/run/postgresql', { host: '/run/postgresql', ssl: false }],
] as const)('%s is what it says', ([location, pool]) => {
  expect(parseLocation(location).pool).toMatchObject(pool)
})

test.for([
  ['postgres://localhost/k?pool=0', 'pool'],
  ['postgres://localhost/k?timeout=soon', 'timeout'],
  ['postgres://localhost/k?sslmode=prefer', 'prefer'],
  ['postgres://localhost/k?sslrootcert=/nowhere/root.crt', '/nowhere/root.crt'],
  ['postgres://localhost/k?shema=other', 'shema'],
  ['postgres://localhost/k?schema=Other', 'Other'],
] as const)('%s is refused, naming %s', ([location, named]) => {
  expect(() => parseLocation(location)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(named) }),
  )
})

test.for([
  'postgres://ann:hunter2@db.example.com/k?schema=team',
  'postgres://ann:hunter2@db.example.com:badport/k',
  'postgres://ann:12/hunter2@db.example.com/k',
  'postgres://ann:12?hunter2@db.example.com/k',
  'postgres://ann:12#hunter2@db.example.com/k',
])('%s is told without its password', (location) => {
  let told: unknown
  try {
    told = parseLocation(location).shown
  } catch (thrown) {
    told = `${thrown}`
  }
  expect(told).not.toMatch(/hunter2/)
})
