/** `list_sources`: where documents come from, as far as who asks may read any. */
import { z } from 'zod'
import type { Asker, Door } from './door.ts'

export const sourcesInput = z.object({})

export const sourcesOutput = z.object({
  sources: z.array(
    z.object({
      name: z.string().describe('What `search_passages` takes as a source.'),
      languages: z.array(z.string()).describe('ISO 639-1, of documents that you may read.'),
    }),
  ),
})

/** In name order. */
export async function listSources({ index }: Pick<Door, 'index'>, as: Asker): Promise<z.output<typeof sourcesOutput>> {
  const sources: z.output<typeof sourcesOutput>['sources'] = []
  for (const name of await index.sources()) {
    const languages = await index.languages({ as, sources: [name] })
    if (languages.length > 0) sources.push({ name, languages: [...languages] })
  }
  return { sources }
}
