import { expect, test } from 'vitest'
import { knowledgeFile } from '../serve/knowledge.ts'
import { serving } from '../serve/stage.ts'

const file = await knowledgeFile({ wiki: { vpn: { title: 'VPN', markdown: 'A tunnel.' } } })

test('the page runs its own scripts alone, and is framed only where the configuration says', async () => {
  const { ask } = await serving(file, { help: { frames: ['https://app.example'] } })

  const { headers, text, status } = await ask('/help')

  expect(status).toBe(200)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
  expect(policy).toContain("frame-ancestors 'self' https://app.example")
  expect(policy).not.toContain('unsafe')
  expect(text).not.toMatch(/<style|<script>|\son\w+=|style=/)
  expect(headers.get('x-frame-options')).toBe(null)
  expect((await (await serving(file)).ask('/help')).headers.get('x-frame-options')).toBe('SAMEORIGIN')
})

test('files have a hash in their names and are kept for a year; what has none is asked for anew', async () => {
  const { ask, url } = await serving(file)
  const { text, headers } = await ask('/help')
  const [, name = ''] = /src="(help\/assets\/page-[0-9a-f]{12}\.js)"/.exec(text) ?? []

  const script = await fetch(`${url}/${name}`)
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(script.headers.get('content-encoding')).toBe('gzip')
  expect(headers.get('cache-control')).toBe('no-cache')
  expect((await ask('/help', { headers: { 'if-none-match': headers.get('etag') ?? '' } })).status).toBe(304)
  const element = await ask('/help/unsilo-help.js')
  expect(element.headers.get('access-control-allow-origin')).toBe('*')
  expect(element.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect((await ask('/help/assets/page-000000000000.js')).status).toBe(404)
  expect((await ask('/help/assets/..%2f..%2fpackage.json')).status).toBe(404)
})

test('what a house says of itself stands in the page as text, and its logo is served from here', async () => {
  const logo = { name: 'logo.svg', content: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }
  const { ask } = await serving(file, { help: { heading: '"><script>x</script>', primary: '#0a0', radius: 4, logo } })

  const { text } = await ask('/help')
  const [, picture = ''] = / logo="help\/assets\/(logo-[0-9a-f]{12}\.svg)"/.exec(text) ?? []
  const { headers } = await ask(`/help/assets/${picture}`)

  expect(text).not.toContain('<script>x')
  expect(text).toContain(' primary="#0a0" radius="4"')
  expect(headers.get('content-type')).toBe('image/svg+xml')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('script and style together have 40 KB at most, packed', async () => {
  const { ask, url } = await serving(file)
  const { text } = await ask('/help')
  const names = [...text.matchAll(/(?:src|href)="(help\/assets\/[^"]+)"/g)].map(([, name]) => name ?? '')

  const sizes = await Promise.all(
    names.map(async (name) => Number((await fetch(`${url}/${name}`)).headers.get('content-length'))),
  )

  expect(names).toHaveLength(2)
  expect(sizes.every((size) => size > 100)).toBe(true)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(40 * 1024)
})
