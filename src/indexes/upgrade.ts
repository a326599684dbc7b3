/** That an index of an older program is about to be brought up to date. */
export interface Upgrade {
  /** Its file. */
  readonly path: string
  /** Versions of its schema. */
  readonly from: number
  readonly to: number
  readonly bytes: number
  /** What it is copied to first. */
  readonly backup: string
}
