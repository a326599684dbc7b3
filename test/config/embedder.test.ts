import { expect, test } from 'vitest'
import { embedderSchema, resolveEmbedder } from '../../src/config/embedder.ts'

const sources = { env: { KEY: 'canary' }, readFile: async () => '', path: '/nowhere/unsilo.config.yaml' }
const key = ['$', '{env:KEY}'].join('')

test.each([
  ['http://localhost:11434/v1', key],
  ['http://127.0.0.1:80', key],
  ['http://[::1]:8080/v1', key],
  ['https://api.example.com/v1', key],
  ['http://models.example.com/v1', undefined],
])('%s with the key %s is fine', async (baseUrl, apiKey) => {
  expect(await problemsOf(baseUrl, apiKey)).toEqual([])
})

test.each([
  'http://api.example.com/v1',
  'http://10.0.0.1/v1',
  'http://localhost.example.com',
  'http://127.example.com',
])('a key is sent to %s by nobody', async (baseUrl) => {
  const [problem, ...others] = await problemsOf(baseUrl, key)

  expect(problem).toMatchObject({ path: ['embedder', 'baseUrl'], message: expect.stringMatching(/unencrypted/) })
  expect(others).toEqual([])
  expect(JSON.stringify(problem)).not.toContain('canary')
})

async function problemsOf(baseUrl: string, apiKey: string | undefined) {
  const configured = { provider: 'openai-compatible', baseUrl, model: 'm', dimensions: 3, ...(apiKey && { apiKey }) }
  return (await resolveEmbedder(embedderSchema.parse(configured), sources)).problems
}
