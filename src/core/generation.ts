/** What became of an index that was made, renewed or gone back to the one before. */

export interface InitReport {
  /** `nothing`: it was there, and as this program makes it. */
  readonly done: 'made' | 'renewed' | 'nothing'
  readonly generation: number
  readonly documents: number
}

export interface RollbackReport {
  readonly from: number
  readonly to: number
  /** In the one that is read now. */
  readonly documents: number
}
