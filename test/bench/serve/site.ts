/**
 * A Confluence site as a process of its own, whose people change, add and remove pages, and which takes as long to answer
 * as one does that is elsewhere. Prints its address, and ends with its input.
 */
import { startConfluenceEmulator } from '../../emulators/confluence.ts'
import { copyOf, loadCorpus } from '../corpus.ts'

const [corpusFile = '', pages = '', editsMs = ''] = process.argv.slice(2)
const LATENCY_MS = 80
/** Of all pages, at a time. */
const SHARE_EDITED = 0.02

const corpus = loadCorpus(corpusFile)
const { url, model } = await startConfluenceEmulator({ latencyMs: LATENCY_MS })
const space = model.addSpace({ key: 'DOC' })
const ids: string[] = []
let made = 0

for (let at = 0; at < Number(pages); at++) add()
setInterval(change, Number(editsMs))
console.log(url)
process.stdin.resume().on('end', () => process.exit())

function add(): void {
  const { title, html } = copyOf(corpus, made++)
  ids.push(model.addPage({ spaceId: space.id, title: `${title} ${made}`, body: html }).id)
}

function change(): void {
  add()
  const [oldest] = ids.splice(0, 1)
  if (oldest !== undefined) model.trash(oldest)
  for (let edits = 0; edits < ids.length * SHARE_EDITED; edits++) {
    const id = ids[(made * 31 + edits * 7) % ids.length] ?? ''
    model.edit(id, { body: copyOf(corpus, made++).html })
  }
}
