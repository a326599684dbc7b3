import { expect, test } from 'vitest'
import { render, renderAdf } from '../../connectors/confluence/render.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { check, type Kind, type Subject } from './check.ts'
import { type Input, inputAt, readCorpus } from './inputs.ts'
import { inputOf, isTooSteep, SHAPES } from './linear.ts'
import { shrink } from './shrink.ts'
import { watch } from './watch.ts'
import type { Result, Task } from './worker.ts'

/** The pages are the repository's, so that the inputs are the same wherever this runs. */
const SEED = 1
const corpus = readCorpus('fixtures')
const inputs = Array.from({ length: 400 }, (_, index) => inputAt(corpus, SEED, index))
const subject: Subject = { toMarkdown, render, renderAdf }

test('hostile inputs are converted to what their pages show', () => {
  const faults = inputs.flatMap((input) => check(subject, input).faults.map((fault) => ({ input, ...fault })))

  expect(faults).toEqual([])
})

test('an input depends on nothing but its number', () => {
  expect(inputAt(readCorpus('fixtures'), SEED, 399)).toEqual(inputs[399])
  expect(new Set(inputs.map(({ text }) => text)).size).toBeGreaterThan(350)
})

const FAULTY: readonly (readonly [name: string, kind: Kind, faulty: Partial<Subject>])[] = [
  ['drops a word', 'words', { toMarkdown: changed((markdown) => markdown.replace(/\p{L}{3,}/u, '')) }],
  ['adds a word', 'words', { toMarkdown: changed((markdown) => `${markdown}\nplanted\n`) }],
  ['shows a word twice', 'words', { toMarkdown: changed((markdown) => markdown.replace(/\p{L}{3,}/u, '$& $&')) }],
  ['does not escape', 'words', { toMarkdown: changed((markdown) => markdown.replaceAll('\\', '')) }],
  [
    'shows what is hidden',
    'words',
    { toMarkdown: (body) => toMarkdown('html' in body ? { html: body.html.replace(/\shidden\b/g, '') } : body) },
  ],
  ['never settles', 'unsettled', { toMarkdown: changed((markdown) => markdown.replace('\n', '.\n')) }],
  ['throws', 'crash', { render: () => [][0] ?? JSON.parse('') }],
  ['takes anything for ADF', 'words', { renderAdf: (adf, links) => render(String(adf), links) }],
]

/** What chance brings only now and then. */
const HIDING: Input = { format: 'html', text: '<p>seen</p><p hidden>kept from readers</p>' }

test.each(FAULTY)('a converter that %s is found out', (_name, kind, faulty) => {
  const found = [HIDING, ...inputs].find((input) =>
    check({ ...subject, ...faulty }, input).faults.some((fault) => fault.kind === kind),
  )

  expect(found).toBeDefined()
})

function changed(change: (markdown: string) => string): Subject['toMarkdown'] {
  return (body) => ({ markdown: change(toMarkdown(body).markdown) })
}

test('a converter that takes long is found out', () => {
  const spent = () => process.threadCpuUsage().user / 1000
  const slow: Subject['render'] = (storage, links) => {
    for (const until = spent() + 100; spent() < until; );
    return render(storage, links)
  }
  const { faults } = check({ ...subject, render: slow }, { format: 'storage', text: '<p>a</p>' }, 50)

  expect(faults.map(({ kind }) => kind)).toEqual(['slow'])
})

const TASK: Task = { type: 'inputs', from: 0, to: 5, seed: SEED, aimMs: 1, source: 'fixtures' }

/** A thread whose number 1 hangs and whose number 3 kills it. */
const FAULTY_THREAD = `
  import { parentPort, workerData } from 'node:worker_threads'
  for (let index = workerData.from; index < workerData.to; index += 1) {
    while (index === 1);
    if (index === 3) process.exit(1)
    parentPort.postMessage({ index })
  }`

test('what hangs or dies is named, and the run goes on behind it', async () => {
  const results: Result[] = []
  const file = new URL(`data:text/javascript,${encodeURIComponent(FAULTY_THREAD)}`)
  const lost = await watch(TASK, 1_000, (result) => results.push(result), file)

  expect(results.map(({ index }) => index)).toEqual([0, 2, 4])
  expect(lost).toEqual([
    { index: 1, why: 'did not end in 1000 ms' },
    { index: 3, why: 'ended before its time' },
  ])
})

test('the threads check what the seed says', async () => {
  const results: Result[] = []
  const lost = await watch(TASK, 20_000, (result) => results.push(result))

  expect(lost).toEqual([])
  expect(results.map(({ length }) => length)).toEqual(inputs.slice(0, 5).map(({ text }) => text.length))
  expect(results.map(({ verdict }) => verdict?.faults)).toEqual([[], [], [], [], []])
})

test('a failing input is made small', () => {
  const text = '<div><p>one</p><p>two <b>three</b></p></div>'

  expect(shrink(text, (smaller) => smaller.includes('t') && smaller.includes('ee'))).toBe('tee')
})

test('a shape is too steep if four times the size takes over six times as long, and long enough to tell', () => {
  expect(isTooSteep({ once: 20, fourfold: 130 })).toBe(true)
  expect(isTooSteep({ once: 20, fourfold: 90 })).toBe(false)
  expect(isTooSteep({ once: 2, fourfold: 40 })).toBe(false)
})

test('each shape is of about the size that is asked for, and JSON where it has to be', () => {
  for (const shape of SHAPES) {
    const { format, text } = inputOf(shape, 5_000)
    expect(text.length, text.slice(0, 100)).toBeLessThan(8_000)
    if (format === 'adf') expect(() => JSON.parse(text), text.slice(0, 100)).not.toThrow()
  }
})
