/** `unsilo serve` and `unsilo token` as processes: what they say, what they refuse, and how they end. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openIndex } from '../../src/indexes/registry.ts'
import { knowledgeFile } from '../serve/knowledge.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')
const index = await knowledgeFile({
  wiki: { plans: { title: 'Plans', markdown: 'The tunnel will be sold.', access: ['group:staff'] } },
})
const folder = dirname(index)

function configured(serve: string): string {
  const path = join(folder, 'unsilo.config.yaml')
  writeFileSync(path, `serve:\n${serve}sources:\n  wiki:\n    connector: confluence\n`)
  return path
}

function unsilo(args: readonly string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, ...env },
    timeout: 30_000,
  })
}

test('a token that was made is let in by the lines that were said with it, while the index is written', async () => {
  const { stdout, stderr } = unsilo(['token'])
  const config = configured(stderr.split('\n').slice(2, 6).join('\n').concat('\n'))
  const args = [bin, 'serve', '--config', config, '--index', index, '--port', '0', '--json']
  const server = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = text(server.stderr)
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  const { type, port } = JSON.parse(line)
  const writer = await openIndex(index, { mode: 'write' })
  const asked = `http://127.0.0.1:${port}/v1/search?q=tunnel`
  const headers = { authorization: `Bearer ${stdout.trim()}` }

  expect(type).toBe('serving')
  expect(await (await fetch(asked, { headers })).json()).toMatchObject({ results: [{ title: 'Plans' }] })
  expect(await (await fetch(asked)).json()).toEqual({ results: [] })

  await writer.close()
  server.kill('SIGTERM')
  expect(await once(server, 'exit')).toEqual([0, null])
  expect(await said).toContain('set serve.publicUrl')
})

const FIGURES = `  tokens: [{ name: watch, hash: "sha256:${'0'.repeat(64)}", may: [metrics] }]\n`

test.each([
  ['nobody is named', ''],
  ['only figures may be read', FIGURES],
])('it does not listen where others reach it unless it knows who may ask: %s', (_, tokens) => {
  const args = ['serve', '--config', configured(`  port: 0\n${tokens}`), '--index', index, '--host', '0.0.0.0']
  const { status, stderr } = unsilo(args)

  expect(status).toBe(2)
  expect(stderr).toContain('0.0.0.0 can be reached by others')
})

test('it does not start with a secret that can be guessed, and does not print it', () => {
  const config = configured(`  jwt:\n    secrets: ["\${env:MESSENGER}", "\${env:NEXT}"]\n`)
  const secrets = { MESSENGER: 'x'.repeat(32), NEXT: 'tooshort' }

  const { status, stderr, stdout } = unsilo(['serve', '--config', config, '--index', index, '--port', '0'], secrets)

  expect(status).toBe(2)
  expect(stderr).toContain('stands for a secret of 8 bytes')
  expect(stderr + stdout).not.toContain('tooshort')
})

test('a secret in the file, a token instead of its hash, an origin with a path and a base with a query are refused', () => {
  const config = configured(
    `  jwt: { secrets: ["${'s'.repeat(40)}"] }\n  tokens: [{ name: a, hash: unsilo_abc, as: [group:staff] }]\n  origins: ["https://a.example/"]\n  publicUrl: "https://a.example/?b"\n`,
  )

  const { status, stderr } = unsilo(['serve', '--config', config, '--index', index, '--port', '0'])

  expect(status).toBe(2)
  for (const key of ['jwt.secrets', 'tokens', 'origins', 'publicUrl']) expect(stderr).toContain(`serve.${key}`)
  expect(stderr).not.toContain('s'.repeat(40))
})
