/** Every driver's suite, and what only this one does, on the cluster whose nodes are in UNSILO_OPENSEARCH. */
import { describe, test } from 'vitest'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { testIndex } from '../conformance/index-driver.ts'
import { testLease } from '../conformance/remote-lease.ts'
import { testBusy } from './busy.ts'
import { testDamage } from './damage.ts'
import { testGenerations } from './generations.ts'
import { testPlain } from './plain.ts'
import { remoteAt } from './remote.ts'

const hosts = process.env['UNSILO_OPENSEARCH']

if (hosts === undefined) {
  describe('OpenSearch index', () => {
    test.skip('not tested: npm run test:opensearch starts a cluster', () => undefined)
  })
} else {
  const remote = remoteAt(hosts)
  testLease(remote, { stops: true })
  testGenerations(remote)
  testDamage(remote)
  testPlain(remote)
  testBusy(remote)
  testIndex({
    name: 'OpenSearch',
    place: () => {
      const location = remote.place()
      return { write: () => openOpenSearch(location), read: () => openOpenSearch(location, { mode: 'read' }) }
    },
  })
}
