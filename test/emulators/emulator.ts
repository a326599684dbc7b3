/** What all emulators of services have in common. */
import type { Fault } from './faults.ts'

export interface Emulator {
  /** Where it listens: http://127.0.0.1:port, and the path in front of all others where it has one. */
  readonly url: string
  /** Where answers break the API's description; empty where they are not held against it. */
  readonly violations: readonly string[]
  /** Makes coming requests fail before anything is done. */
  fail(fault: Fault): void
  /** What was made to fail and did not yet won't. */
  heal(): void
  close(): Promise<void>
}
