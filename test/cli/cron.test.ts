/** What a sync tells those who watch it while nobody looks: its log, and figures for Prometheus. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { metricsText, readSamples } from '../../src/cli/metrics.ts'
import { jsonLines } from './captured-io.ts'
import { type Stage, source, startStage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage()
})

afterEach(() => stage.close())

test('an error names its source once, and a source that failed is said to keep what it had', async () => {
  const pages = stage.addPages(12)
  await stage.run('sync')
  for (const page of pages.slice(1)) stage.site.model.purge(page)
  stage.configure({ sources: source('broken', stage.site.url, 'NONE') })

  const { code, stderr } = await stage.run('sync')
  const allowed = await stage.run('sync', 'wiki', '--allow-deletes', '5')

  expect([code, allowed.code]).toEqual([11, 11])
  expect(allowed.stderr).toContain('would remove 11 of 12 documents, and 5 are allowed, so it was stopped.')
  expect(stderr).toContain('error: wiki: this run would remove 11 of 12 documents')
  expect(stderr).toMatch(/^broken: 0 listed in \d+ s \(failed; what it had stays\)$/m)
  expect(stderr).toMatch(/^error: broken: /m)
})

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

    const both = await stage.run('sync', '--json', '--log-format=json')
    const quiet = await stage.run('sync', '--quiet', '--log-format=json')

    expect(jsonLines(both.stdout)).toMatchObject([{ type: 'run' }])
    expect(jsonLines(both.stderr)).toMatchObject([
      { level: 'info', source: 'wiki', counts: { listed: 1, added: 1 }, seconds: expect.any(Number) },
    ])
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('holds for what is wrong with the command line, too', async () => {
    const unknown = await stage.run('sync', '--dryrun', '--log-format', 'json')
    const misspelt = await stage.run('sync', '--log-format', 'xml')

    expect(unknown.code).toBe(2)
    expect(jsonLines(unknown.stderr)).toMatchObject([
      { level: 'error', code: 'USAGE', message: "unknown option '--dryrun'", hint: 'Did you mean --dry-run?' },
    ])
    expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: .*text, json/) })
  })
})

describe('--metrics-file', () => {
  test('holds what Prometheus may scrape, and keeps the last success of a source that fails', async () => {
    stage.addPages(3)
    const before = Date.now() / 1000

    await stage.run('sync', '--metrics-file', 'unsilo.prom')
    const first = metrics()
    const requests = stage.site.requests.length
    stage.site.fail({ kind: 'html', match: /api\/v2/, times: 1000 })
    const failed = await stage.run('sync', '--metrics-file', 'unsilo.prom')
    const second = metrics()

    expect(failed.code).toBe(3)
    expect(readdirSync(stage.folder).filter((name) => name.includes('prom'))).toEqual(['unsilo.prom'])
    expect(first.get('unsilo_last_success_timestamp_seconds{source="wiki"}')).toBeGreaterThan(before)
    expect(Object.fromEntries(first)).toMatchObject({
      unsilo_last_exit_code: 0,
      'unsilo_documents{source="wiki"}': 3,
      'unsilo_chunks{source="wiki"}': 3,
      'unsilo_quarantined_documents{source="wiki"}': 0,
      'unsilo_last_run_documents{source="wiki",change="added"}': 3,
      'unsilo_last_run_requests{source="wiki"}': requests,
      'unsilo_last_run_retries{source="wiki"}': 0,
      'unsilo_last_run_waited_seconds{source="wiki"}': 0,
      'unsilo_last_run_outcome{source="wiki",outcome="ok"}': 1,
      'unsilo_last_run_outcome{source="wiki",outcome="failed"}': 0,
    })
    for (const kept of ['unsilo_last_success_timestamp_seconds', 'unsilo_documents']) {
      expect(second.get(`${kept}{source="wiki"}`)).toBe(first.get(`${kept}{source="wiki"}`))
    }
    expect(second.get('unsilo_last_exit_code')).toBe(3)
    expect(second.get('unsilo_last_run_outcome{source="wiki",outcome="failed"}')).toBe(1)
    expect(second.get('unsilo_last_run_documents{source="wiki",change="added"}')).toBe(0)
  })

  test('is written by a run that found the index locked, the configuration wrong or the index no index', async () => {
    stage.addPages(1)
    await stage.run('sync', '--metrics-file', 'unsilo.prom')
    const first = metrics()

    writeFileSync(join(stage.folder, '.unsilo', 'index.db'), 'no database')
    expect((await stage.run('sync', '--metrics-file', 'unsilo.prom')).code).toBe(12)
    const broken = metrics()
    stage.configure({ sources: 'nonsense' })
    expect((await stage.run('sync', '--metrics-file', 'unsilo.prom')).code).toBe(2)

    const sources = (samples: ReadonlyMap<string, number>) => [...samples].filter(([name]) => name.includes('source='))
    expect(sources(broken)).toEqual(sources(first))
    expect([broken, metrics()].map((samples) => samples.get('unsilo_last_exit_code'))).toEqual([12, 2])
    expect(sources(metrics())).toEqual(sources(first))
  })

  test('that can not be written ends an otherwise good run with 6; the sync is done', async () => {
    stage.addPages(1)

    const { code, stderr } = await stage.run('sync', '--quiet', '--metrics-file', 'gone/unsilo.prom')

    expect(code).toBe(6)
    expect(stderr).toMatch(
      /^error: The figures can't be written to \S+: ENOENT\.\n {2}The sync itself is not touched by this/,
    )
    expect(await stage.stored()).toHaveLength(1)
  })
})

test('a metric keeps labels of any text through a file of its own', () => {
  const source = 'a"b\\c\nd}'
  const figures = {
    source,
    documents: 1,
    chunks: 2,
    quarantined: 0,
    ignored: 0,
    lastRun: null,
    lastSuccess: '2026-01-01T00:00:00Z',
  }
  const times = { exit: 0, startedAt: 0, endedAt: 1000 }
  const text = metricsText({ ...times, sources: [figures] }, [])
  const kept = metricsText({ ...times, sources: null }, readSamples(text))

  expect(text).toContain('unsilo_documents{source="a\\"b\\\\c\\nd}"} 1\n')
  expect(kept).toBe(text)
  expect(text).toMatch(/^# HELP unsilo_documents .+\n# TYPE unsilo_documents gauge\nunsilo_documents\{/m)
})

/** Every sample of the file, which says each of them once and each metric's help and type before it. */
function metrics(): ReadonlyMap<string, number> {
  const lines = readFileSync(join(stage.folder, 'unsilo.prom'), 'utf8').split('\n')
  const described = new Set<string>()
  const samples = new Map<string, number>()
  expect(lines.pop()).toBe('')
  for (const line of lines) {
    const [, type] = /^# TYPE (\S+) gauge$/.exec(line) ?? []
    if (type !== undefined) described.add(type)
    if (line.startsWith('#')) continue
    const [, name = '', value = ''] = /^(unsilo_[a-z_]+(?:\{.*\})?) (-?[\d.e+]+)$/.exec(line) ?? []
    expect(described).toContain(name.replace(/\{.*/, ''))
    expect(samples.has(name)).toBe(false)
    samples.set(name, Number(value))
  }
  return samples
}
