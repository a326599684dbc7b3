/** The recordings make what their expected files say: each of them, as `unsilo test fixtures` tells it. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../src/cli/main.ts'
import { capturedIo } from './cli/captured-io.ts'

test('every story under fixtures ends as expected', async () => {
  const io = capturedIo(join(import.meta.dirname, '..'))

  const code = await run(['test', 'fixtures'], io)

  // What differs comes with its patch.
  expect([code, io.out()]).toEqual([0, expect.not.stringContaining('@@')])
  expect(io.err()).toMatch(/^\d+ scenarios as expected\.$/m)
})
