/** What a sync tells those who watch it while nobody looks: its log. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jsonLines } from './captured-io.ts'
import { type Stage, source, startStage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage()
})

afterEach(() => stage.close())

describe('--log-format json', () => {
  test('makes one object a line of stderr: summaries, documents that failed, errors; stdout stays data', async () => {
    const [page] = stage.addPages(1)
    stage.configure({ sources: source('broken', stage.site.url, 'NONE') })
    stage.site.fail({ kind: 'html', match: /api\/v2\/pages$/, times: 1000 })

    const { code, stdout, stderr } = await stage.unsilo('sync', '--log-format', 'json')

    expect([code, stdout]).toEqual([3, ''])
    const log = jsonLines(stderr)
    for (const line of log) {
      expect(Object.keys(line).slice(0, 3)).toEqual(['time', 'level', 'message'])
      expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    }
    expect(log).toContainEqual(
      expect.objectContaining({ level: 'warn', source: 'wiki', outcome: 'partial', run: expect.any(String) }),
    )
    expect(log).toContainEqual(expect.objectContaining({ level: 'warn', source: 'wiki', id: `wiki:${page}` }))
    expect(log).toContainEqual(
      expect.objectContaining({ level: 'error', source: 'broken', code: expect.any(String), hint: expect.any(String) }),
    )
  })

  test('is said beside the data of --json, and with --quiet only what went wrong', async () => {
    stage.addPages(1)

    const both = await stage.unsilo('sync', '--json', '--log-format=json')
    const quiet = await stage.unsilo('sync', '--quiet', '--log-format=json')

    expect(jsonLines(both.stdout)).toMatchObject([{ type: 'run' }])
    expect(jsonLines(both.stderr)).toMatchObject([
      { level: 'info', source: 'wiki', counts: { listed: 1, added: 1 }, seconds: expect.any(Number) },
    ])
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('holds for what is wrong with the command line, too', async () => {
    const unknown = await stage.unsilo('sync', '--dryrun', '--log-format', 'json')
    const misspelt = await stage.unsilo('sync', '--log-format', 'xml')

    expect(unknown.code).toBe(2)
    expect(jsonLines(unknown.stderr)).toMatchObject([
      { level: 'error', code: 'USAGE', message: "unknown option '--dryrun'", hint: 'Did you mean --dry-run?' },
    ])
    expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: .*text, json/) })
  })
})
