/** Every driver's suite, and what only this one does, on the cluster whose nodes are in UNSILO_OPENSEARCH. */
import { afterEach } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { testIndex } from '../conformance/index-driver.ts'
import { testNotes } from '../conformance/index-notes.ts'
import { testDamage } from '../conformance/remote-damage.ts'
import { testLease } from '../conformance/remote-lease.ts'
import { testPublishers } from '../conformance/remote-notes.ts'
import { testCopying } from '../copy/copying.ts'
import { testBusy } from './busy.ts'
import { testControl } from './control.ts'
import { change } from './damage.ts'
import { testGenerations } from './generations.ts'
import { testMeanwhile } from './meanwhile.ts'
import { testPlain } from './plain.ts'
import { startedRemote } from './remote.ts'
import { testSecured } from './secured.ts'

const remote = startedRemote()
testLease(remote, { stops: true })
testPublishers(remote)
testNotes({ name: 'OpenSearch', place: () => remote.place() })
testControl(remote)
testGenerations(remote)
testMeanwhile(remote)
testDamage(remote, change)
testPlain(remote)
testBusy(remote)
testSecured(remote)
const copies: Store[] = []
const toBeCopied = async () => {
  const store = await openOpenSearch(remote.place())
  copies.push(store)
  return store
}
afterEach(async () => {
  for (const store of copies.splice(0)) await store.close()
})
testCopying('copied from OpenSearch', toBeCopied, async () => openMemory())
testCopying('copied to OpenSearch', async () => openMemory(), toBeCopied)
testIndex({
  name: 'OpenSearch',
  place: () => {
    const location = remote.place()
    return { write: () => openOpenSearch(location), read: () => openOpenSearch(location, { mode: 'read' }) }
  },
})
