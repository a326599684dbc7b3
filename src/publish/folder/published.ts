/** What a published folder holds, read out of its files: also of documents that the index has no more. */
import { z } from 'zod'
import { parseFile } from '../../markdown/file.ts'
import { type Listed, listed, type Told } from './llms.ts'
import type { MarkedFolder } from './marked-folder.ts'

const FRONT = z.object({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  url: z.string(),
  path: z.array(z.string()),
})

/** As they are listed, in the order of the documents' ids. What says nothing of a document is left out. */
export async function listedIn(folder: MarkedFolder, files: readonly string[]): Promise<readonly Listed[]> {
  const known: { readonly id: string; readonly one: Listed }[] = []
  for (const file of files) {
    const document = await publishedIn(folder, file)
    if (document !== null) known.push({ id: document.head.id, one: listed(document, file) })
  }
  known.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return known.map(({ one }) => one)
}

export async function* toldIn(folder: MarkedFolder, all: readonly Listed[]): AsyncGenerator<Told> {
  for (const { file } of all) {
    const document = await publishedIn(folder, file)
    if (document !== null) yield document
  }
}

interface Published extends Told {
  readonly head: z.output<typeof FRONT>
  readonly source: string
}

async function publishedIn(folder: MarkedFolder, file: string): Promise<Published | null> {
  const text = await folder.read(file)
  if (text === null) return null
  try {
    const { data, markdown } = parseFile(text, file)
    const head = FRONT.parse(data)
    return { head, source: head.source, markdown }
  } catch {
    // Somebody wrote over it. It must not keep what is to go from going.
    return null
  }
}
