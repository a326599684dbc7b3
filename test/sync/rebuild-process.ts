/**
 * A process to be killed: syncs a source, of which nothing changed and whose bodies can't be had, into the index named by
 * its second argument, by the loop of the folder named by its first, and dies behind its n-th write of documents.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Batch } from '../../src/core/store.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { listing } from './rebuilt-pages.ts'

const [folder = '', file = '', lastWrite = ''] = process.argv.slice(2)
const { syncSource } = await import(pathToFileURL(join(folder, 'sync/sync.ts')).href)
const store = await openIndex(file, { mode: 'write' })
let writes = 0
let asked = 0
const load = (): never => {
  asked++
  throw new Error('the source was asked')
}

async function apply(batch: Batch): Promise<void> {
  await store.apply(batch)
  if (batch.put.length > 0 && ++writes === Number(lastWrite)) process.kill(process.pid, 'SIGKILL')
}

const { run } = await syncSource(listing({ ...store, apply }, load))
await store.close()
console.log(JSON.stringify({ outcome: run.outcome, refreshed: run.counts.refreshed, asked }))
