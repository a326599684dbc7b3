/**
 * SIGKILL of the real process wherever it is while it publishes: while it starts, lists, between a request that was done and
 * its answer, between an answer and the note of it. Between kills documents change, so a killed run meets what another
 * left. Now and then a run is left alone: then Intercom has to have just what is wanted, and a plan has to be empty.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type LibraryEmulator, startLibraryEmulator } from '../../emulators/intercom-library.ts'
import { type Random, randomFrom } from '../../fuzz/random.ts'
import { syncPages } from '../pages.ts'
import { ARTICLES, configuration, TOKEN } from './stage.ts'
import { createWorld, type World } from './world.ts'

export interface KillFigures {
  /** Of processes that were not done yet. */
  readonly kills: number
  /** Of these, by when they came. */
  readonly moments: Readonly<Record<Moment['at'], number>>
  /** Processes that were done before their kill. */
  readonly late: number
  /** Runs that were left alone, each followed by a plan. */
  readonly whole: number
  readonly duplicates: number
  readonly plansNotEmpty: number
  /** What was wrong, in words. */
  readonly wrong: readonly string[]
  /** Of the kills, how many left something to be recovered. */
  readonly halves: number
}

/** `done`: a request was done and its answer does not go out; `answered`: so many ms after that; `clock`: of the process. */
type Moment =
  | { readonly at: 'done'; readonly request: number }
  | { readonly at: 'answered'; readonly request: number; readonly ms: number }
  | { readonly at: 'clock'; readonly ms: number }

interface Options {
  readonly kills: number
  readonly seed: number
  /** A server: then each process has an empty folder of its own. Absent: a file in one folder. */
  readonly remote?: RemoteIndex
  readonly log?: (line: string) => void
}

export interface RemoteIndex {
  readonly location: string
  /** As a minute later, when whoever was killed is in nobody's way any more. */
  expire(): Promise<void>
}

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'unsilo.js')
const PAGES = '    pages:\n      - { source: help, url: "https://example.com/wiki" }\n'
const BETWEEN_WHOLE_RUNS = 5
const ARGS = ['publish', 'intercom', '--quiet', '--allow-deletes', '50']

export async function killPublishing({ kills, seed, remote, log = () => {} }: Options): Promise<KillFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-publish-kills-'))
  const site = await startLibraryEmulator({ authorization: `Bearer ${TOKEN}` })
  const random = randomFrom(seed)
  const world = createWorld(random)
  const found = {
    ...{ kills: 0, moments: { done: 0, answered: 0, clock: 0 }, late: 0, whole: 0, duplicates: 0, halves: 0 },
    ...{ plansNotEmpty: 0, wrong: [] as string[] },
  }
  const stage: Stage = { folder, site, remote, usual: { requests: 10, ms: 1000 } }
  try {
    configure(stage)
    while (found.kills < kills) {
      await changeAll(stage, world)
      for (let left = BETWEEN_WHOLE_RUNS; left > 0 && found.kills < kills; left -= 1) {
        if (random.chance(0.7)) await changeAll(stage, world)
        const moment = momentOf(random, stage.usual)
        if (await killedAt(stage, moment)) {
          found.kills += 1
          found.moments[moment.at] += 1
        } else found.late += 1
        if (halvesIn(site) > 0) found.halves += 1
        found.duplicates += duplicatesIn(site).length
        found.wrong.push(...duplicatesIn(site).map((title) => `after kill ${found.kills}: twice: ${title}`))
      }
      await runWhole(stage, world, found)
      log(`${found.kills} of ${kills}`)
    }
    return found
  } finally {
    await site.close()
    rmSync(folder, { recursive: true })
  }
}

interface Stage {
  readonly folder: string
  readonly site: LibraryEmulator
  readonly remote: RemoteIndex | undefined
  /** Of a run that was left alone. */
  readonly usual: { requests: number; ms: number }
}

/** A folder that holds the configuration and nothing else. */
function configure({ folder, site, remote }: Stage): void {
  const top = remote === undefined ? '' : `index: "\${env:INDEX}"\n`
  writeFileSync(join(folder, 'unsilo.config.yaml'), configuration(site.url, ARTICLES + PAGES, top))
}

async function changeAll({ folder, remote }: Stage, world: World): Promise<void> {
  world.change()
  await syncPages(folder, world.pages(), { deletes: 50, wider: 50 }, remote?.location)
}

function momentOf(random: Random, { requests, ms }: Stage['usual']): Moment {
  const request = 1 + random.below(requests)
  if (random.chance(0.5)) return { at: 'done', request }
  if (random.chance(0.6)) return { at: 'answered', request, ms: random.below(12) }
  return { at: 'clock', ms: random.below(ms) }
}

/** False where the process was done before. */
async function killedAt(stage: Stage, moment: Moment): Promise<boolean> {
  const child = start(stage, ARGS, true)
  let requests = 0
  stage.site.onDone(() => {
    requests += 1
    if (moment.at === 'clock' || requests !== moment.request) return
    if (moment.at === 'done') child.kill('SIGKILL')
    else void delay(moment.ms).then(() => child.kill('SIGKILL'))
  })
  if (moment.at === 'clock') void delay(moment.ms).then(() => child.kill('SIGKILL'))
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  stage.site.onDone(() => undefined)
  await stage.remote?.expire()
  return signal === 'SIGKILL'
}

function start(stage: Stage, args: readonly string[], isLive: boolean): ChildProcess {
  const { folder, remote } = stage
  if (remote !== undefined) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    configure(stage)
  }
  return spawn(process.execPath, [BIN, ...args, ...(isLive ? ['--live'] : [])], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_PROXY: '127.0.0.1', TOKEN, INDEX: remote?.location },
  })
}

async function runWhole(
  stage: Stage,
  world: World,
  found: { whole: number; plansNotEmpty: number; duplicates: number; readonly wrong: string[] },
): Promise<void> {
  const before = stage.site.requests.length
  const begun = performance.now()
  const run = await ended(start(stage, ARGS, true))
  stage.usual.requests = Math.max(10, stage.site.requests.length - before)
  stage.usual.ms = performance.now() - begun
  const plan = await ended(start(stage, [...ARGS, '--plan', '--exit-code'], true))
  found.whole += 1
  if (run.code !== 0) found.wrong.push(`a run that was left alone ended with ${run.code}: ${run.stderr}`)
  if (plan.code !== 0) found.plansNotEmpty += 1
  const differences = differencesIn(stage.site, world)
  found.duplicates += differences.filter((text) => text.startsWith('twice')).length
  found.wrong.push(...differences)
}

async function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly stderr: string }> {
  let stderr = ''
  child.stderr?.on('data', (data) => {
    stderr += data
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr }
}

// --- what the workspace holds -----------------------------------------------------------------------------------

/** Titles that readers would see twice, or that somebody finds twice among the drafts. */
function duplicatesIn({ library }: LibraryEmulator): readonly string[] {
  const titles = finished(library).map(({ title }) => title)
  const addresses = [...library.sources.values()].map(({ url }) => url)
  return [...titles, ...addresses].filter((text, at, all) => all.indexOf(text) !== at)
}

function finished({ articles }: LibraryEmulator['library']) {
  return [...articles.values()].flatMap(({ texts }) => texts.get('') ?? []).filter((text) => !isHalf(text))
}

/** Drafts whose answer or text never came. */
function halvesIn({ library }: LibraryEmulator): number {
  return [...library.articles.values()].flatMap(({ texts }) => texts.get('') ?? []).filter(isHalf).length
}

function isHalf({ description }: { readonly description: string }): boolean {
  return description.startsWith('unsilo ')
}

function differencesIn({ library }: LibraryEmulator, world: World): readonly string[] {
  const wanted = world.readable()
  const articles = finished(library)
  const pages = [...library.pages.values()]
  const missing = [...wanted].flatMap(([title, word]) => {
    const article = articles.filter((each) => each.title === title)
    const page = pages.filter((each) => each.title === title)
    const isThere = article.some(({ body, state, draft }) => body.includes(word) && state === 'published' && !draft)
    return [
      ...(article.length > 1 || page.length > 1 ? [`twice: ${title}`] : []),
      ...(isThere ? [] : [`not as it is: article ${title}`]),
      ...(page.some(({ html }) => html.includes(word)) ? [] : [`not as it is: page ${title}`]),
    ]
  })
  const extra = [...articles, ...pages].filter(({ title }) => !wanted.has(title)).map(({ title }) => `left: ${title}`)
  const halves = library.articles.size - articles.length
  const sources = library.sources.size
  return [
    ...missing,
    ...extra,
    ...(halves > 0 ? [`${halves} drafts that nobody finishes`] : []),
    ...(sources > 1 ? [`twice: ${sources} import sources`] : []),
  ]
}
