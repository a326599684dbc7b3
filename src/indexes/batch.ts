/** What every driver refuses before it touches anything, so that a bad batch leaves nothing behind. */
import { isPrincipal } from '../core/access.ts'
import type { Head, IndexedDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { LONGEST_ID } from '../core/ids.ts'
import type { Batch } from '../core/store.ts'

/** Of an id that is told, in UTF-16 code units. */
const TOLD = 80

/** Throws UNEXPECTED, naming the item: only a defect in the caller makes such a batch. */
export function checkBatch(batch: Batch): void {
  for (const document of batch.put) checkDocument(batch.source, document)
  for (const head of batch.refresh) checkHead(batch.source, head)
  for (const id of batch.remove) checkFailableId(batch.source, id)
  for (const failure of batch.failed) checkFailableId(batch.source, failure.id, checkNewId)
  for (const skip of batch.skipped?.list ?? []) checkNewId(batch.source, skip.id)
  if (batch.run !== undefined && batch.run.source !== batch.source) {
    throw badBatch(`run ${batch.run.id} belongs to source '${batch.run.source}'`, batch.source)
  }
}

function checkDocument(source: string, document: IndexedDocument): void {
  checkHead(source, document.head)
  if (document.source !== source) throw badBatch(`${document.head.id} says source '${document.source}'`, source)
  const ordinals = new Set(document.chunks.map((chunk) => chunk.ordinal))
  if (ordinals.size < document.chunks.length) throw badBatch(`${document.head.id} repeats a chunk ordinal`, source)
}

function checkHead(source: string, head: Head): void {
  checkNewId(source, head.id)
  if (head.access === 'public') return
  const wrong = head.access.find((principal) => !isPrincipal(principal))
  if (wrong !== undefined) throw badBatch(`${head.id} grants access to '${wrong}', which is no principal`, source)
}

/** The empty id stands for the source's listing. */
function checkFailableId(source: string, id: string, check = checkId): void {
  if (id !== '') check(source, id)
}

function checkId(source: string, id: string): void {
  if (!id.startsWith(`${source}:`)) throw badBatch(`id '${id}' does not start with '${source}:'`, source)
  if (!id.isWellFormed()) throw badBatch(`id '${id}' holds half a character`, source)
}

/** What is stored already may go, however it is called. */
function checkNewId(source: string, id: string): void {
  checkId(source, id)
  const bytes = Buffer.byteLength(id)
  if (bytes <= LONGEST_ID) return
  throw badBatch(`id '${id.slice(0, TOLD)}…' has ${bytes} bytes, where ${LONGEST_ID} may be`, source)
}

function badBatch(what: string, source: string): UnsiloError {
  return new UnsiloError('UNEXPECTED', `A batch of source '${source}' cannot be stored: ${what}.`, {
    hint: 'Nothing of the batch was stored. Please report this with the name of the connector.',
  })
}
