/** `unsilo plan`: a sync that only says what it would do, on an index and a network that can only be read. */
import { UnsiloError } from '../core/errors.ts'
import type { Io } from './io.ts'
import type { SyncOptions } from './options.ts'
import { runSync } from './sync.ts'

export type PlanOptions = Omit<SyncOptions, 'dryRun' | 'lockTimeoutMs' | 'heartbeatUrl' | 'metricsFile'>

export async function runPlan(options: PlanOptions, io: Io): Promise<number> {
  if (options.diff && options.replay !== undefined) {
    throw new UnsiloError('USAGE', '--diff asks the sources: recordings are answered once, and in their order.', {
      hint: 'Leave one of --diff and --replay out.',
    })
  }
  const none = { lockTimeoutMs: undefined, heartbeatUrl: undefined, metricsFile: undefined }
  return await runSync({ ...options, ...none, dryRun: true }, io)
}
