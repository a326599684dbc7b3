import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { histories, live } from './history.ts'
import type { ConnectorDefects, Loop, Redaction, SourceShape } from './life.ts'
import { type Edit, plant } from './planted.ts'

const real: Loop = { syncSource, UnsiloError }
const shapes: readonly SourceShape[] = ['feed', 'list']
const redactions: readonly Redaction[] = ['never', 'always', 'changing']
const SEED = 20260101

const worlds = shapes.flatMap((shape) => redactions.map((redaction) => ({ shape, redaction })))

describe.each(worlds)('a $shape source that is redacted: $redaction', ({ shape, redaction }) => {
  test('settles on the truth in memory', async () => {
    await survive(shape, redaction, redaction === 'never' ? 1000 : 500, async (run) => run(openMemory()))
  })

  test('settles on the truth in SQLite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unsilo-history-'))
    let file = 0
    await survive(shape, redaction, redaction === 'never' ? 80 : 40, async (run) => {
      const store = await openSqlite(join(folder, `${file++}.db`), { mode: 'write' })
      await run(store).finally(() => store.close())
    })
    rmSync(folder, { recursive: true })
  })
})

describe('planted mistakes are caught', () => {
  const inTheLoop: readonly { name: string; edits: readonly Edit[] }[] = [
    {
      name: 'the cursor moves past a failed document, and nothing finds it again',
      edits: [
        {
          file: 'sync/ending.ts',
          find: 'Math.min(plan.cursors.length, ...tally.failedSegments, ...tally.openSegments())',
          replace: 'plan.cursors.length',
        },
        { file: 'sync/plan.ts', find: 'plan.stranded.length > 0', replace: 'plan.stranded.length < 0' },
      ],
    },
    {
      name: 'the cursor is written before the data',
      edits: [
        {
          file: 'sync/apply.ts',
          find: `await rebuildAll(loading, ofKind(decisions.known(), 'rebuild'), tally)`,
          replace: `const state = { cursor: plan.cursors.at(-1) ?? null, seen: null, policy: plan.policy }
  if (plan.cursors.length > 0) await options.store.apply({ ...emptyBatch(options.source), state })
  await rebuildAll(loading, ofKind(decisions.known(), 'rebuild'), tally)`,
        },
      ],
    },
    {
      name: 'documents that did not change are not marked as seen',
      edits: [
        {
          file: 'sync/survey.ts',
          find: 'if (decision !== null) survey.decisions.set(id, decision)',
          replace: 'if (decision !== null) survey.decisions.set(id, decision); else survey.seen.delete(id)',
        },
      ],
    },
    {
      name: 'an unchanged version ignores new access',
      edits: [
        {
          file: 'sync/decision.ts',
          find: 'return sameJson(previous, head) ? null',
          replace: 'return sameJson(previous, { ...head, access: previous.access }) ? null',
        },
      ],
    },
    {
      name: 'a held cursor closes the pass, and a receipt for a pass that never began is believed',
      edits: [
        {
          file: 'sync/ending.ts',
          find: 'plan.receipt !== null && held === plan.cursors.length',
          replace: 'plan.receipt !== null',
        },
        { file: 'sync/doubt.ts', find: 'if (!passOpen) {', replace: 'if (passOpen && !passOpen) {' },
      ],
    },
    {
      name: 'absence is deletion without a receipt',
      edits: [
        {
          file: 'sync/plan.ts',
          find: 'if (failure === null && survey.receipt !== null) await sweep',
          replace: 'await sweep',
        },
      ],
    },
    {
      name: 'old text gets the new, wider access',
      edits: [
        {
          file: 'sync/decision.ts',
          find: 'const access = narrower(previous.access, head.access)',
          replace: 'const access = head.access',
        },
      ],
    },
    {
      name: 'an interrupted pass forgets what it saw',
      edits: [
        {
          file: 'sync/ending.ts',
          find: 'const seen = closes ? null : [...plan.seen].sort()',
          replace: 'const seen = closes ? null : []',
        },
      ],
    },
    {
      name: 'text is included for people who may not read it',
      edits: [
        {
          file: 'sync/expand.ts',
          find: 'document === null || isWider(document.head.access, work.readers)',
          replace: 'document === null',
        },
      ],
    },
    {
      name: 'text that others include is hidden before it leaves them',
      edits: [
        {
          file: 'sync/apply.ts',
          find: 'await resolveIncludes({ ...options, coming: headsToCome(decisions(), headOf), pause: () => setImmediate() })',
          replace: '',
        },
      ],
    },
    {
      name: 'new readers of an included document go unnoticed',
      edits: [{ file: 'sync/includes.ts', find: 'target.recipe, target.head.access', replace: 'target.recipe' }],
    },
    {
      name: 'a run that a guard stops leaves access as wide as it was',
      edits: [{ file: 'sync/apply.ts', find: 'await applyHeads(options, () => narrowed, narrowedHead)', replace: '' }],
    },
    {
      name: 'a run that was cut moves the cursor past what it had not done',
      edits: [{ file: 'sync/ending.ts', find: ', ...tally.openSegments()', replace: '' }],
    },
    {
      name: 'an ignored failure is forgotten when its readers change',
      edits: [
        {
          file: 'sync/apply.ts',
          find: 'return narrowedHead(decision) === null ? [] : [decision.failure]',
          replace: 'return []',
        },
      ],
    },
    {
      name: 'what is ignored keeps the readers that it had',
      edits: [
        {
          file: 'sync/decision.ts',
          find: "if (decision.do === 'remove' || decision.previous === null) return null",
          replace: "if (decision.do === 'remove' || decision.do === 'leave' || decision.previous === null) return null",
        },
      ],
    },
    {
      name: 'a failure that is to be tried again is left behind',
      edits: [{ file: 'sync/plan.ts', find: 'plan.stranded.length > 0', replace: 'plan.stranded.length < 0' }],
    },
    {
      name: 'a version that is ignored is ignored for ever',
      edits: [
        {
          file: 'sync/decision.ts',
          find: 'if (failure?.ignored !== true || failure.version !== head.version) return null',
          replace: 'if (failure?.ignored !== true) return null',
        },
      ],
    },
    {
      name: 'included text is taken for the document’s own when it is made anew',
      edits: [{ file: 'sync/prepare.ts', find: '...(template ?? { markdown })', replace: 'markdown' }],
    },
  ]
  const inTheConnector: readonly { name: string; defects: ConnectorDefects }[] = [
    { name: 'a lost listing request reads as an empty page', defects: { swallowsListingErrors: true } },
    { name: 'a feed of changes claims to be everything', defects: { givesReceiptForFeed: true } },
    { name: 'a body is taken whatever its version', defects: { loadsWhateverVersion: true } },
  ]

  test.each(inTheLoop)('$name', { timeout: 60_000 }, async ({ edits }) => {
    const { loop, remove } = await plant(edits)
    expect(await isCaught(loop, {})).toBe(true)
    remove()
  })

  const inTheRedaction: readonly { name: string; redaction: Redaction; edit: Edit; also?: Edit }[] = [
    {
      name: 'why a body failed is kept as it was said',
      redaction: 'always',
      edit: {
        file: 'sync/make.ts',
        find: 'error: redactError(thrown, redact)',
        replace: 'error: redactError(thrown, null)',
      },
    },
    {
      name: "the people of a body are not its title's",
      redaction: 'always',
      edit: {
        file: 'sync/prepare.ts',
        find: 'const shown = { ...given, ...(title !== undefined && { title }) }',
        replace: 'const shown = given',
      },
    },
    {
      name: 'a listing takes back the title that the body gave',
      redaction: 'always',
      edit: {
        file: 'sync/redacting.ts',
        find: 'if (before === undefined) return listed',
        replace: 'if (before !== null) return listed',
      },
    },
    {
      name: 'other words in the listing are passed over',
      redaction: 'always',
      edit: { file: 'sync/redacting.ts', find: 'if (before !== listedWords(listed)) return null', replace: '' },
    },
    {
      name: 'a document forgets how it was listed when what it includes changes',
      redaction: 'always',
      edit: { file: 'sync/includes.ts', find: ', ...listedOf(document) }]', replace: ' }]' },
    },
    {
      name: 'turning redaction on asks a feed for nothing',
      redaction: 'changing',
      edit: {
        file: 'sync/plan.ts',
        find: 'canonicalJson({ level, principals, converter, redactor })',
        replace: 'canonicalJson({ level, principals })',
      },
      also: {
        file: 'sync/plan.ts',
        find: '(await needsSource(options, before, storedIds, quarantine))',
        replace: 'false',
      },
    },
    {
      name: 'a pass from the beginning that dies leaves an earlier one that was cut to be continued',
      redaction: 'changing',
      edit: { file: 'sync/apply.ts', find: 'if (plan.abandonsPass &&', replace: 'if (false &&' },
    },
    {
      name: 'turning redaction on redacts the stored text, whose people nobody knows',
      redaction: 'changing',
      edit: {
        file: 'redact/identity.ts',
        find: "if (stored === OFF || wanted === OFF) return 'reload'",
        replace: "if (stored === OFF || wanted === OFF) return 'redact'",
      },
    },
  ]

  test.each(inTheRedaction)('$name', { timeout: 60_000 }, async ({ redaction, edit, also }) => {
    const { loop, remove } = await plant(also === undefined ? [edit] : [edit, also])
    expect(await isCaught(loop, {}, redaction)).toBe(true)
    remove()
  })

  test.each(inTheConnector)('$name', async ({ defects }) => {
    expect(await isCaught(real, defects)).toBe(true)
  })
})

async function survive(
  shape: SourceShape,
  redaction: Redaction,
  numRuns: number,
  withStore: (run: (store: Store) => Promise<void>) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(histories, (history) =>
    withStore((store) => live(history, shape, store, real, {}, redaction)),
  )
  await fc.assert(property, { numRuns, seed: SEED })
}

async function isCaught(loop: Loop, defects: ConnectorDefects, redaction: Redaction = 'never'): Promise<boolean> {
  for (const shape of shapes) {
    const property = fc.asyncProperty(histories, (history) =>
      live(history, shape, openMemory(), loop, defects, redaction),
    )
    const { failed } = await fc.check(property, { numRuns: 1500, seed: SEED, endOnFailure: true })
    if (failed) return true
  }
  return false
}
