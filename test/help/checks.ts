/** What readers of the Help space do, in a real browser against the real program. Each throws where it can't be done. */
import { borders } from './checks/borders.ts'
import { keeping } from './checks/keeping.ts'
import { reading } from './checks/reading.ts'
import type { Stage } from './stage.ts'

export interface Check {
  readonly name: string
  run(stage: Stage): Promise<void>
}

export const checks: readonly Check[] = [...reading, ...keeping, ...borders]
