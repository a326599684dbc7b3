/** What unsilo must remember of what it made elsewhere, where that place keeps no id of ours. */
import type { Json } from './json.ts'

export interface Notes {
  all(): ReadonlyMap<string, Json>
  /** On the disk when it returns. */
  put(key: string, note: Json): void
  remove(key: string): void
  close(): void
}
