import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { beforeAll, describe, expect, test } from 'vitest'
import { connectors } from '../../connectors/index.ts'
import { configText } from '../../src/cli/init.ts'
import { schemaText } from '../../src/config/json-schema.ts'
import { loadConfig } from '../../src/config/load.ts'

const FILE = new URL('../../src/config/unsilo.schema.json', import.meta.url)

test('the checked-in JSON Schema is the one that the code describes (else: npm run schema)', async () => {
  expect(readFileSync(FILE, 'utf8')).toBe(await schemaText(connectors))
})

describe('an editor with the JSON Schema', () => {
  let accepts: (text: string) => boolean

  beforeAll(() => {
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    const validate = ajv.compile(JSON.parse(readFileSync(FILE, 'utf8')))
    accepts = (text) => validate(load(text))
  })

  const started = configText('./schema.json', '.unsilo/index.db')

  test('accepts what `unsilo init` writes, with or without a $schema key', () => {
    expect(accepts(started)).toBe(true)
    expect(accepts(`$schema: ./unsilo.schema.json\n${started}`)).toBe(true)
  })

  test.each([
    ['a literal secret', 'apiToken: ${' + 'env:CONFLUENCE_TOKEN}', 'apiToken: hunter2'],
    ['an unknown key', 'spaces: [DOCS]', 'spacse: [DOCS]'],
    ['an unknown connector', 'connector: confluence', 'connector: notion'],
    ['an address that is none', 'baseUrl: https://example.atlassian.net', 'baseUrl: example'],
  ])('refuses %s', (_name, written, wrong) => {
    expect(started).toContain(written)
    expect(accepts(started.replace(written, wrong))).toBe(false)
  })

  test('accepts a reference where an address stands', () => {
    const reference = 'baseUrl: https://${' + 'env:SITE}.atlassian.net'
    expect(accepts(started.replace('baseUrl: https://example.atlassian.net', reference))).toBe(true)
  })
})

test('what `unsilo init` writes is a configuration, also with every suggestion taken', async () => {
  const text = configText('./schema.json', '.unsilo/index.db')
  const suggested = text
    .split('\n')
    .map((line) => line.replace(/^ {4}# (?=(apiUrl|principals|labels|trees|blogPosts|restrictions|redact): ?)/, '    '))
    .map((line) => line.replace(/^ {4}# {3}"group/, '      "group'))
    .map((line) => line.replace(/^ {2}# (?=(handbook|help|guide|support|desk):| )/, '  '))
    .join('\n')
    .replace('CLOUD_ID', '0000')
  const more = ['handbook', 'help', 'guide', 'support', 'desk']
  for (const [written, names] of [
    [text, ['wiki']],
    [suggested, ['wiki', ...more]],
  ] as const) {
    const env = {
      CONFLUENCE_EMAIL: 'a@b.example',
      CONFLUENCE_TOKEN: 'canary',
      INTERCOM_TOKEN: 'canary',
      ZENDESK_CLIENT_SECRET: 'canary',
    }
    const config = await loadConfig({
      path: '/x/unsilo.config.yaml',
      text: written,
      env,
      readFile: async (path) => (path.endsWith('.json') ? '{}' : ''),
      connectors,
    })
    expect(config.sources.map(({ name }) => name)).toEqual(names)
  }
  expect(suggested).not.toBe(text)
})
