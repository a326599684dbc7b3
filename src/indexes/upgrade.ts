/** That an index of an older program is about to be brought up to date. */
export interface Upgrade {
  /** Versions of its schema. */
  readonly from: number
  readonly to: number
  readonly bytes: number
  /** What it is copied to first; null where it isn't. */
  readonly backup: string | null
}
