import { expect, test } from 'vitest'
import { parseLocation } from '../../../src/indexes/opensearch/location.ts'

test('a location names nodes, an index, and how they are reached', () => {
  const location =
    'opensearch://ann:p%40ss:word@a.example.com,b.example.com:9201/knowledge?shards=3&replicas=0&timeout=5'

  expect(parseLocation(location)).toEqual({
    shown: 'opensearch://a.example.com:9200,b.example.com:9201/knowledge',
    name: 'knowledge',
    nodes: ['https://a.example.com:9200', 'https://b.example.com:9201'],
    authorization: `Basic ${Buffer.from('ann:p@ss:word').toString('base64')}`,
    tls: { rejectUnauthorized: true },
    shards: 3,
    replicas: 0,
    timeoutMs: 5000,
  })
})

test.for([
  ['opensearch://localhost/i', 'http://localhost:9200', true],
  ['opensearch://127.0.0.1:9300,[::1]:80/i', 'http://127.0.0.1:9300', true],
  ['opensearch://localhost,search.example.com/i', 'https://localhost:9200', true],
  ['opensearch://localhost/i?tls=verify', 'https://localhost:9200', true],
  ['opensearch://search.example.com/i?tls=no-verify', 'https://search.example.com:9200', false],
  ['opensearch://search.example.com/i?tls=disable', 'http://search.example.com:9200', true],
] as const)('%s is reached at %s', ([location, node, isVerified]) => {
  const { nodes, tls, authorization } = parseLocation(location)

  expect(nodes[0]).toBe(node)
  expect([tls.rejectUnauthorized, authorization]).toEqual([isVerified, null])
})

test.for([
  'opensearch://user:hunter2@/i',
  'opensearch://user:hunter2@host',
  'opensearch://user:hunter2@host/Upper',
  'opensearch://user:hunter2@host/_all',
  'opensearch://user:hunter2@host/a,b',
  'opensearch://user:hunter2@host/i?shard=3',
  'opensearch://user:hunter2@host/i?shards=0',
  'opensearch://user:hunter2@host/i?replicas=-1',
  'opensearch://user:hunter2@host/i?replicas=',
  'opensearch://user:hunter2@host/i?timeout=3000000',
  'opensearch://user:hunter2@host/i?tls=maybe',
  'opensearch://user:hunter2@host/i?ca=/not/there',
  'opensearch://user:hunter2@host:port/i',
  'opensearch://user:%hunter2@host/i',
  'opensearch://user:hunter2@host,other/path,third/i',
  'opensearch:host/i',
  'opensearch://user:12/hunter2@host/i',
  'opensearch://user:12?hunter2@host/i',
  'opensearch://user:12?hunter2=@host/i',
])('%s is refused, and its password is not told', (location) => {
  const parsing = () => parseLocation(location)

  expect(parsing).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  expect(parsing).not.toThrow(/hunter2/)
})
