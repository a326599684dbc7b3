/**
 * A listing of everything that misses nothing: a document that moved, while all was listed, from a folder not yet read to one
 * already read was in neither, so what changed meanwhile is added.
 */
import { UnsiloError } from '../../src/core/errors.ts'
import { readMoves } from './changes.ts'
import type { GoogleClient } from './client.ts'
import type { GoogleDocsConfig } from './config.ts'
import { type Crawled, createCrawl } from './crawl.ts'

/** In each, folders that are new are read. A drive in which there are always more must come to an end too. */
const MOST_ROUNDS = 20

export async function crawlSettled(client: GoogleClient, config: GoogleDocsConfig): Promise<Crawled> {
  const crawl = createCrawl(client, config)
  await crawl.begin()
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const moves = await readMoves(client, config, crawl.crawled())
    if (moves === null) break
    for (const found of moves.documents) crawl.add(found)
    if (await crawl.goOn(moves.places)) continue
    await crawl.climb()
    return crawl.crawled()
  }
  throw new UnsiloError('LISTING_INCOMPLETE', 'Google: folders were added or moved all the while they were listed', {
    hint: 'Nothing was removed. Run again; if it stays, run when fewer people work.',
  })
}
