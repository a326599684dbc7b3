/** The folders that are read, and where documents stand in them. */

/** A folder, or a shared drive, whose parent is null. So is that of a folder where a listing begins. */
export interface Folder {
  readonly name: string
  readonly parent: string | null
}

export type Folders = ReadonlyMap<string, Folder>

/** Names of the folders above, outermost first. A folder that is inside itself is named once. */
export function pathOf(folders: Folders, id: string | null): readonly string[] {
  const names: string[] = []
  const met = new Set<string>()
  for (let at = id; at !== null && !met.has(at); ) {
    const folder = folders.get(at)
    if (folder === undefined) break
    met.add(at)
    names.push(folder.name)
    at = folder.parent
  }
  return names.reverse()
}
