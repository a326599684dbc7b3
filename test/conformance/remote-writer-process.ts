/**
 * `remote-writer-process.ts LOCATION SOURCE LEASE_MS [CHUNKS]`: a process to be killed and stopped. It has the lease of one source; at
 * each line of its input it stores a batch that says the line, and tells what became of it.
 */
import { createInterface } from 'node:readline'
import { UnsiloError } from '../../src/core/errors.ts'
import { batch, sampleDocument } from './index-samples.ts'
import { openRemote } from './remote.ts'

const [, , location = '', source = '', lease = '', chunks = '3'] = process.argv

try {
  const options = { holder: `writer of ${source}`, sources: [source] }
  const store = await openRemote(location, options, Number(lease))
  console.log('opened')
  for await (const line of createInterface({ input: process.stdin })) {
    const put = Array.from({ length: 5 }, (_, at) =>
      sampleDocument(`${source}:${at}`, {
        texts: Array.from({ length: Number(chunks) }, (__, nth) => `${line} ${nth}`),
      }),
    )
    await store.apply(batch(source, { put, state: { cursor: line, seen: null, policy: null } }))
    console.log(`stored ${line}`)
  }
  await store.close()
} catch (thrown) {
  console.log(thrown instanceof UnsiloError ? thrown.code : `unknown: ${thrown}`)
}
