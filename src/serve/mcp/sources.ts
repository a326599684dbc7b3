/** `list_sources`: where documents come from, as far as who asks may read any. */
import { z } from 'zod'
import type { Waiting } from '../asking/queue.ts'
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
export async function listSources(
  { ask }: Door,
  as: Asker,
  waiting?: Waiting,
): Promise<z.output<typeof sourcesOutput>> {
  const sources = await ask.sources(as, waiting)
  return { sources: sources.map(({ name, languages }) => ({ name, languages: [...languages] })) }
}
