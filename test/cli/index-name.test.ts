import { expect, test } from 'vitest'
import { fileFor, indexName } from '../../src/cli/setup.ts'

test.each([
  [
    'postgres://unsilo:hunter2@db.example.com:5432/knowledge?schema=x',
    'postgres://unsilo@db.example.com:5432/knowledge?schema=x',
  ],
  [
    'opensearch://unsilo:hunter2@a.example.com:9200,b.example.com:9200/knowledge?tls=verify',
    'opensearch://unsilo@a.example.com:9200,b.example.com:9200/knowledge?tls=verify',
  ],
  ['opensearch://a:9200,b:9200/knowledge', 'opensearch://a:9200,b:9200/knowledge'],
  ['opensearch://unsilo:12/hunter2@a:9200/knowledge', 'opensearch://unsilo@a:9200/knowledge'],
  ['/srv/index.db', '/srv/index.db'],
  ['sqlite:/srv/index.db', '/srv/index.db'],
])('what people are told of %s holds no password', (location, told) => {
  expect(indexName(location)).toBe(told)
})

test('what belongs to an index that is no file stands where the file would be', () => {
  expect(fileFor('postgres://unsilo:hunter2@db/knowledge', '/srv/unsilo.config.yaml')).toBe('/srv/.unsilo/index.db')
  expect(fileFor('sqlite:/data/index.db', '/srv/unsilo.config.yaml')).toBe('/data/index.db')
})
