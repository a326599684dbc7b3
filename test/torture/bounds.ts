/** Sources of so many documents as nothing bounds but their service's limit, and how many requests a run of each makes. */
import { confluence } from '../../connectors/confluence/index.ts'
import { googleDocs } from '../../connectors/google-docs/index.ts'
import { helpCenter } from '../../connectors/help-center/index.ts'
import { tickets } from '../../connectors/tickets/index.ts'
import type { Connector } from '../../src/core/connector.ts'
import { startConfluenceEmulator } from '../emulators/confluence.ts'
import { startDataCenterEmulator } from '../emulators/confluence-data-center.ts'
import { startGoogleEmulator } from '../emulators/google.ts'
import { startIntercomEmulator } from '../emulators/intercom.ts'
import { startZendeskEmulator } from '../emulators/zendesk.ts'
import type { Saying } from './front.ts'

export interface Bound {
  /** How its service tells of its limit. */
  readonly saying: Saying
  /** Documents that a request brings, about. */
  readonly perRequest: number
  /** Requests that the connector has under way at once for most of a run. */
  readonly atOnce: number
  /** Of what the limit allows, at least; what is wanted of all unless told. */
  readonly leastShare?: number
  start(size: number): Promise<Filled>
  /** Of a first run over so many documents, as the connector's README has it. */
  requests(size: number): number
}

export interface Filled {
  readonly connector: Connector
  /** With the emulator's address, wherever it stands in it. */
  readonly config: object
  readonly url: string
  close(): Promise<void>
}

const SMALL_PAGE = 2
const ANSWER = '<p>Open Settings and press Export all invoices.</p>'
const CLIENT = { id: 'unsilo', secret: 'canary-secret-77f0' }

export const bounds: Readonly<Record<string, Bound>> = {
  /** S = 1, P = N = size. Restrictions bound it. */
  cloud: {
    ...{ saying: 'iso', perRequest: 1, atOnce: 8 },
    async start(size) {
      const emulator = await startConfluenceEmulator()
      const { id } = emulator.model.addSpace({ key: 'SUP' })
      for (let at = 0; at < size; at += 1) emulator.model.addPage({ spaceId: id, title: `Page ${at}` })
      const config = { baseUrl: emulator.url, deployment: 'cloud', auth: { bearer: 'token' }, spaces: ['SUP'] }
      return { ...emulator, connector: confluence as Connector, config }
    },
    requests: (size) => 1 + pages(size, 250) + 1 + size + pages(size, 100),
  },
  /** S = 1, P = N = size, c = 200, k = 50. */
  'data-center': {
    ...{ saying: 'tokens', perRequest: 1, atOnce: 8, leastShare: 0.6 },
    async start(size) {
      const emulator = await startDataCenterEmulator({ pageSize: 200, bodiesSize: 50 })
      const { id } = emulator.model.addSpace({ key: 'SUP' })
      for (let at = 0; at < size; at += 1) emulator.model.addPage({ spaceId: id, title: `Page ${at}` })
      const config = { baseUrl: emulator.url, deployment: 'data-center', auth: { bearer: 'token' }, spaces: ['SUP'] }
      return { ...emulator, connector: confluence as Connector, config }
    },
    requests: (size) => 2 + 2 + pages(size, 200) + 1 + size + pages(size, 50),
  },
  /** One folder of all but ten documents, which stand in a shared drive: D = 1, K = 1, V = 10, M = size. */
  docs: {
    ...{ saying: 'nothing', perRequest: 1 / 2, atOnce: 8 },
    async start(size) {
      const emulator = await startGoogleEmulator()
      const { model } = emulator
      model.addDrive('drive-team', 'Team')
      const parent = model.addFolder({ name: 'Handbook' }).id
      for (let at = 0; at < size; at += 1) {
        const place = at < 10 ? { parent: 'drive-team', driveId: 'drive-team' } : { parent }
        model.addDocument({ name: `Document ${at}`, text: `Text number ${at}.`, ...place })
      }
      const config = { auth: { credentials: emulator.serviceAccountKey }, folders: [parent], drives: ['drive-team'] }
      return { ...emulator, connector: googleDocs as Connector, config: { ...config, apiUrl: emulator.url } }
    },
    requests: (size) => 1 + 4 + 1 + pages(size - 10, 1000) + 10 + 2 + 2 * size,
  },
  /** C = 1, A = size, and pages of two articles. */
  'intercom-help': {
    ...{ saying: 'unix', perRequest: SMALL_PAGE, atOnce: 1 },
    async start(size) {
      const emulator = await startIntercomEmulator({ pageSize: SMALL_PAGE })
      const { model } = emulator
      const center = model.addHelpCenter({ locales: ['en'] })
      const collection = model.addCollection({ helpCenterId: center.id, name: 'All' })
      for (let at = 0; at < size; at += 1) model.addArticle({ title: `Article ${at}`, parentIds: [collection.id] })
      const config = { provider: 'intercom', apiUrl: emulator.url, token: 'token' }
      return { ...emulator, connector: helpCenter as Connector, config }
    },
    requests: (size) => 1 + 1 + pages(size, SMALL_PAGE),
  },
  /** C = S = G = 1, A = size, and pages of two articles. */
  'zendesk-help': {
    ...{ saying: 'to-go', perRequest: SMALL_PAGE, atOnce: 1 },
    async start(size) {
      const emulator = await startZendeskEmulator({ pageSize: SMALL_PAGE, client: CLIENT })
      const { guide } = emulator
      guide.addSegment({ name: 'Signed-in users', builtIn: true })
      const category = guide.addCategory('All')
      const section = guide.addSection({ name: 'All', categoryId: category.id })
      for (let at = 0; at < size; at += 1) guide.addArticle({ title: `Article ${at}`, sectionId: section.id })
      return { ...emulator, connector: helpCenter as Connector, config: zendesk(emulator.url) }
    },
    requests: (size) => 1 + 1 + 1 + 1 + 1 + pages(size, SMALL_PAGE) + 1 + 1,
  },
  /** C = R = size, T = 0, and nobody who wrote nothing. */
  'intercom-tickets': {
    ...{ saying: 'unix', perRequest: 1, atOnce: 8 },
    async start(size) {
      const emulator = await startIntercomEmulator({ pageSize: 150 })
      const { inbox } = emulator.model
      for (let at = 0; at < size; at += 1) inbox.addConversation({ parts: [{ body: ANSWER }] })
      const config = { provider: 'intercom', apiUrl: emulator.url, token: 'token' }
      return { ...emulator, connector: tickets as Connector, config }
    },
    requests: (size) => 3 + Math.max(1, pages(size, 149)) + 1 + size,
  },
  /** T = R = C = size: one page of comments each, by people whom answers tell of. */
  'zendesk-tickets': {
    ...{ saying: 'to-go', perRequest: 1, atOnce: 8 },
    async start(size) {
      const emulator = await startZendeskEmulator({ client: CLIENT })
      const comments = [{ body: ANSWER }]
      for (let at = 0; at < size; at += 1) emulator.support.addTicket({ subject: `Invoices ${at}`, comments })
      return { ...emulator, connector: tickets as Connector, config: zendesk(emulator.url) }
    },
    requests: (size) => 1 + 2 + pages(size, 1000) + size,
  },
}

function zendesk(url: string): object {
  return { provider: 'zendesk', url, auth: { clientId: CLIENT.id, clientSecret: CLIENT.secret } }
}

function pages(items: number, size: number): number {
  return Math.ceil(items / size)
}
