/**
 * Random histories of a source, its index and its accidents, against a model of the truth.
 *
 * A world of a few documents, some of which include others, is edited, restricted, renamed, deleted and restored, between
 * runs and in the middle of them. Every run may lose a listing request, fail a body, run out of time, be stopped by a
 * guard, or die before or after any write; between runs a person may say that failures are to be ignored, or tried again.
 * After each run the index must hold nothing that was never true, show nobody in one document what it hides from them
 * in another, and miss nothing that was never deleted; left alone, it must become equal to the world.
 */
import fc from 'fast-check'
import type { Access } from '../../src/core/access.ts'
import type { RedactPolicy } from '../../src/core/connector.ts'
import type { Batch, Store } from '../../src/core/store.ts'
import { checkEqual, checkNarrow, checkNothingFalse, checkNothingPersonal, ignoredNow, SOURCE } from './judge.ts'
import type { Accidents, ConnectorDefects, Life, Loop, Redaction, SourceShape } from './life.ts'
import { AN_HOUR, newSource } from './shapes.ts'
import { newWorld, type Operation, perform } from './world.ts'

interface Step {
  readonly operations: readonly Operation[]
  /** Where redaction changes. */
  readonly redact: RedactPolicy
  /** What a person says of the failures of these, before the run. */
  readonly ignored: readonly string[]
  readonly retried: readonly string[]
  readonly accidents: Accidents
}

export type History = readonly Step[]

// --- histories --------------------------------------------------------------------------------------------------

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const id = fc.constantFrom(...IDS)
const access: fc.Arbitrary<Access> = fc.constantFrom<Access>(
  'public',
  ['group:staff'],
  ['group:staff', 'group:eng'],
  [],
)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant('edit' as const), id }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), id }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('include' as const), id, targets: fc.array(id, { maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rename' as const), id }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('restrict' as const, 'redact' as const), id, access }) },
)
const accidents: fc.Arbitrary<Accidents> = fc.record({
  failListingAt: fc.option(fc.nat(5)),
  failLoadsOf: fc.subarray(IDS, { maxLength: 3 }),
  cutAfter: fc.option(fc.nat(9), { freq: 3 }).map((after) => (after === null || after % 2 === 0 ? null : after)),
  isGuarded: fc.nat(4).map((number) => number === 0),
  dieAtWrite: fc.option(fc.record({ at: fc.nat(3), when: fc.constantFrom('before' as const, 'after' as const) })),
  meanwhile: fc.option(fc.record({ at: fc.nat(6), operations: fc.array(operation, { maxLength: 3 }) })),
})
const redact = fc.constantFrom<RedactPolicy>(null, { patterns: [] }, { patterns: [{ name: 'rare', pattern: 'zzz' }] })
export const histories: fc.Arbitrary<History> = fc.array(
  fc.record({
    operations: fc.array(operation, { maxLength: 5 }),
    redact,
    ignored: fc.subarray(IDS),
    retried: fc.subarray(IDS, { maxLength: 1 }),
    accidents,
  }),
  { minLength: 1, maxLength: 7 },
)

const QUIET: Accidents = {
  ...{ failListingAt: null, failLoadsOf: [], dieAtWrite: null, meanwhile: null },
  ...{ cutAfter: null, isGuarded: false },
}

// --- living through a history -----------------------------------------------------------------------------------

/** Throws when the index holds what was never true, misses what it must hold, or does not settle on the truth. */
export async function live(
  history: History,
  shape: SourceShape,
  store: Store,
  loop: Loop,
  defects: ConnectorDefects = {},
  redaction: Redaction = 'never',
): Promise<void> {
  const world = newWorld()
  const life: Life = {
    ...{ shape, world, store, loop, redaction, defects },
    ...{ ignored: new Map(), wronglyLoaded: [], clock: Date.UTC(2026, 0, 1) },
  }
  const everStored = new Set<string>()
  for (const step of history) {
    for (const operation of step.operations) perform(world, operation)
    await ignore(life, step.ignored, true)
    await ignore(life, step.retried, false)
    const { heardAll } = await run(life, step.accidents, step.redact)
    await checkNothingFalse(store, world, everStored)
    if (heardAll) await checkNarrow(life)
    if (life.wronglyLoaded.length > 0) throw new Error(`ignored, and loaded: ${life.wronglyLoaded}`)
    if (redaction === 'always') await checkNothingPersonal(store)
  }
  for (let quiet = 0; quiet < 2; quiet++) await run(life, QUIET)
  await checkEqual(life, await ignoredNow(life))
  await changeIgnored(life)
  await loseMany(life)
  await ignore(life, IDS, false)
  for (let quiet = 0; quiet < 2; quiet++) await run(life, QUIET)
  await checkEqual(life)
  if (redaction !== 'never') await checkNothingPersonal(store)
  const { writes } = await run(life, QUIET)
  for (const batch of writes) {
    const quiet = batch.put.length + batch.refresh.length + batch.remove.length + batch.failed.length === 0
    if (!quiet || batch.state !== undefined) throw new Error(`a quiet run wrote ${JSON.stringify(batch)}`)
  }
}

async function ignore({ store, ignored }: Life, pageIds: readonly string[], isIgnored: boolean): Promise<void> {
  const ids = pageIds.map((pageId) => `${SOURCE}:${pageId}`)
  await store.ignore(SOURCE, ids, isIgnored)
  if (!isIgnored) for (const pageId of pageIds) ignored.delete(pageId)
  for (const failure of await store.quarantine(SOURCE)) {
    if (failure.ignored === true) ignored.set(failure.id.slice(SOURCE.length + 1), failure.version ?? '')
  }
}

/** A guard stops the run that hears of it, but not that those who lost a page stop reading it. */
async function loseMany(life: Life): Promise<void> {
  const [one, other, hidden] = [...life.world.pages.keys()]
  if (one === undefined || other === undefined || hidden === undefined) return
  for (const id of [one, other]) perform(life.world, { type: 'delete', id })
  perform(life.world, { type: 'restrict', id: hidden, access: [] })
  await run(life, { ...QUIET, isGuarded: true })
  await checkNarrow(life)
}

/** Whatever is ignored, who may read it is heard, and a new version of it is taken. */
async function changeIgnored(life: Life): Promise<void> {
  const [first, ...others] = [...(await ignoredNow(life))].map((id) => id.slice(SOURCE.length + 1))
  if (first === undefined) return
  for (const id of [first, ...others]) perform(life.world, { type: 'restrict', id, access: [] })
  await run(life, QUIET)
  await checkNarrow(life)
  perform(life.world, { type: 'edit', id: first })
  for (let quiet = 0; quiet < 2; quiet++) await run(life, QUIET)
  const left = await ignoredNow(life)
  if (left.has(`${SOURCE}:${first}`)) throw new Error(`${first}: a new version is ignored`)
  await checkEqual(life, left)
}

/** @param said the redaction of this run, where it changes */
async function run(
  life: Life,
  accidents: Accidents,
  said: RedactPolicy = { patterns: [] },
): Promise<{ readonly writes: readonly Batch[]; readonly heardAll: boolean }> {
  const { store, loop, redaction } = life
  const writes: Batch[] = []
  const source = newSource(life, accidents)
  const on = redaction === 'always' ? { patterns: [] } : said
  const changes = life.world.log.length
  // A listing that continues one that was cut tells nothing of what was before the cut.
  const continues = (await store.state(SOURCE))?.seen != null
  const { error } = await loop.syncSource({
    redact: redaction === 'never' ? null : on,
    source: SOURCE,
    connector: source.connector,
    config: {},
    access: { level: 'staff', principals: {} },
    store: mortal(store, accidents, writes),
    fetch: () => Promise.reject(new Error('no network')),
    signal: new AbortController().signal,
    now: () => life.clock,
    runId: 'run',
    full: false,
    dryRun: false,
    allowed: accidents.isGuarded ? { deletes: 1, wider: 1 } : { deletes: 1000, wider: 1000 },
    ...(accidents.cutAfter !== null && { deadline: life.clock + accidents.cutAfter * AN_HOUR }),
  })
  const isDead = accidents.dieAtWrite !== null && accidents.dieAtWrite.at < writes.length
  const isWhole = error === null || error.code === 'GUARD_TRIPPED'
  return { writes, heardAll: isWhole && !isDead && !continues && life.world.log.length === changes }
}

/** A store whose process dies at the chosen write: nothing that comes after it happens. */
function mortal(store: Store, accidents: Accidents, writes: Batch[]): Store {
  let dead = false
  async function apply(batch: Batch): Promise<void> {
    if (dead) throw new Error('dead')
    const dies = accidents.dieAtWrite?.at === writes.length ? accidents.dieAtWrite.when : null
    writes.push(batch)
    dead = dies !== null
    if (dies === 'before') throw new Error('dies')
    await store.apply(batch)
    if (dies === 'after') throw new Error('dies')
  }
  return { ...store, apply }
}
