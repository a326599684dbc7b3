/** A process to be killed, starved or started many times. `process.ts TASK PATH …`; its last line says how it ended. */
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { asUnsiloError } from '../../../src/core/errors.ts'
import { openIndex, repairIndex } from '../../../src/indexes/registry.ts'
import { remake } from '../../../src/sync/remake.ts'
import { batch, sampleDocument } from '../../conformance/index-samples.ts'
import { bothSay } from './editions.ts'
import { syncFile } from './pages.ts'

const tasks: Readonly<Record<string, (path: string, ...rest: string[]) => Promise<void>>> = {
  /** Ends as a run ends. */
  sync: async (path, edition, count) => {
    const { error } = await syncFile(path, Number(edition), Number(count))
    if (error !== null) throw error
  },
  migrate: async (path) => (await openIndex(path)).close(),
  repair: async (path) => void (await repairIndex(path, { remake, now: Date.now })),
  /** One of many writers: notes when it begins and ends to write. The first stays until it is killed. */
  write: async (path, name, timeout, log) => {
    const lock = timeout === '' ? {} : { lockTimeoutMs: Number(timeout) }
    const store = await openIndex(path, { holder: String(name), ...lock })
    appendFileSync(String(log), `begin ${name} ${Date.now()}\n`)
    await store.apply(batch('docs', { put: [sampleDocument(`docs:${name}`)] }))
    if (name === 'holder') await sleep(2 ** 30)
    await sleep(5)
    appendFileSync(String(log), `end ${name} ${Date.now()}\n`)
    await store.close()
  },
  /** Edition after edition until it is killed. */
  edit: async (path) => {
    const store = await openIndex(path)
    for (let edition = 1; ; edition++) {
      await store.apply(batch('docs', { put: [bothSay(edition % 7, edition)] }))
      if (edition === 7) console.log('begun')
      await sleep(1)
    }
  },
}

const [, , task = '', path = '', ...rest] = process.argv
try {
  await tasks[task]?.(path, ...rest)
  console.log(JSON.stringify({ exit: 0 }))
} catch (thrown) {
  const { code, exit, message } = asUnsiloError(thrown)
  console.log(JSON.stringify({ exit, code, message }))
  process.exitCode = exit
}
