/** The parts of `npm run torture` in their order, each loaded only where it runs. */
import type { Part } from './part.ts'

export const parts: Readonly<Record<string, () => Promise<{ readonly part: Part }>>> = {
  histories: () => import('./histories.ts'),
  lies: () => import('./lies.ts'),
  clock: () => import('./clock.ts'),
  kills: () => import('./kills.ts'),
  faults: () => import('./faults.ts'),
  throughput: () => import('./throughput.ts'),
  planted: () => import('./planted.ts'),
  poison: () => import('./poison.ts'),
  memory: () => import('./memory.ts'),
  disk: () => import('./disk.ts'),
  flips: () => import('./flips.ts'),
  starts: () => import('./starts.ts'),
  reader: () => import('./reader.ts'),
}
