/** What unsilo must remember of what it made elsewhere, where that place keeps no id of ours. One process writes at a time. */
import type { Json } from './json.ts'

export interface Notes {
  /** As they were when they were opened, with what was written since. */
  all(): ReadonlyMap<string, Json>
  /** Kept, whatever becomes of this process, once it resolves. Throws LOCKED where the right to write them is over. */
  put(key: string, note: Json): Promise<void>
  remove(key: string): Promise<void>
  /** These and no others. */
  replace(notes: ReadonlyMap<string, Json>): Promise<void>
  /** Throws where nothing can be noted any more: asked right before what a note announces is done. */
  check(): void
  close(): Promise<void>
}
