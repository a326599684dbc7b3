/**
 * `remote-notes-process.ts LOCATION HOLDER LEASE_MS`: a process to be killed and stopped. It publishes; at each line of its input it notes
 * the line, and tells what became of it, and whether something may be sent after it.
 */
import { createInterface } from 'node:readline'
import { UnsiloError } from '../../src/core/errors.ts'
import { openRemoteNotes } from './remote.ts'

const [, , location = '', holder = '', lease = ''] = process.argv

try {
  const notes = await openRemoteNotes(location, { holder }, Number(lease))
  console.log('opened')
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'send') notes.check()
    else await notes.put('said', line)
    console.log(`stored ${line}`)
  }
  await notes.close()
} catch (thrown) {
  console.log(thrown instanceof UnsiloError ? thrown.code : `unknown: ${thrown}`)
}
