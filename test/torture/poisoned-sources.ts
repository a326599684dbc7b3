/** Every kind of source with documents of given texts in it, as emulators over sockets. */
import { startConfluenceEmulator } from '../emulators/confluence.ts'
import { startDataCenterEmulator } from '../emulators/confluence-data-center.ts'
import { startGoogleEmulator } from '../emulators/google.ts'
import { startIntercomEmulator } from '../emulators/intercom.ts'
import { CUSTOMER } from '../emulators/intercom-inbox-model.ts'
import { startZendeskEmulator } from '../emulators/zendesk.ts'
import { CUSTOMER as REQUESTER } from '../emulators/zendesk-support-model.ts'
import type { Poison } from './poisons.ts'

export interface PoisonedSource {
  /** Where the emulator is; a server may stand in front of it. */
  readonly url: string
  /** As the configuration says it, for requests that go to `url`. */
  config(url: string): Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string>>
  /** Whether a native id is that of the poison. */
  poisoned(id: string): boolean
  close(): Promise<void>
}

/** Documents in each source beside the poison. */
export const GOOD = 20

type Start = (poison: Poison) => Promise<PoisonedSource>

const TOKEN = 'a-token-of-the-torture'
const env = { TOKEN }
const token = `\${env:TOKEN}`

export const sources: Readonly<Record<string, Start>> = {
  confluence: async (poison) => {
    const { model, url, close } = await startConfluenceEmulator()
    const space = model.addSpace({ key: 'DOC' })
    const poisoned = fill(poison, (title, body) => model.addPage({ spaceId: space.id, title, body }))
    return {
      url,
      close,
      poisoned,
      env,
      config: (baseUrl) => ({ connector: 'confluence', baseUrl, auth: { bearer: token }, spaces: ['DOC'] }),
    }
  },
  'confluence data center': async (poison) => {
    const { model, url, close } = await startDataCenterEmulator()
    const space = model.addSpace({ key: 'DOC' })
    const poisoned = fill(poison, (title, body) => model.addPage({ spaceId: space.id, title, body }))
    const more = { auth: { bearer: token }, spaces: ['DOC'] }
    return { url, close, poisoned, env, config: (baseUrl) => ({ connector: 'confluence', baseUrl, ...more }) }
  },
  'google docs': async (poison) => {
    const { model, url, serviceAccountKey, close } = await startGoogleEmulator()
    const folder = model.addFolder({ name: 'Handbook' })
    const poisoned = fill({ ...poison, html: () => (poison.tabs ? '' : poison.html()) }, (name, text) =>
      name === POISONED && poison.tabs
        ? model.addDocument({ name, parent: folder.id, tabs: poison.tabs() })
        : model.addDocument({ name, parent: folder.id, text }),
    )
    const auth = { credentials: `\${env:KEY}` }
    const config = (apiUrl: string) => ({ connector: 'google-docs', auth, folders: [folder.id], apiUrl })
    return { url, close, poisoned, env: { KEY: serviceAccountKey }, config }
  },
  'help center, intercom': async (poison) => {
    const { model, url, close } = await startIntercomEmulator()
    const center = model.addHelpCenter({ locales: ['en'] })
    const shelf = model.addCollection({ name: 'Devices', helpCenterId: center.id })
    const poisoned = fill(poison, (title, body) =>
      model.addArticle({ title, body, parentIds: [shelf.id], locales: ['en'] }),
    )
    return {
      url,
      close,
      poisoned,
      env,
      config: (apiUrl) => ({ connector: 'help-center', provider: 'intercom', apiUrl, token }),
    }
  },
  'help center, zendesk': async (poison) => {
    const { guide, url, close } = await startZendeskEmulator({ client: { id: 'unsilo', secret: TOKEN } })
    const category = guide.addCategory('Devices')
    const section = guide.addSection({ name: 'Resetting', categoryId: category.id })
    const poisoned = fill(poison, (title, body) => guide.addArticle({ title, body, sectionId: section.id }))
    return { url, close, poisoned, env, config: zendesk('help-center') }
  },
  'tickets, intercom': async (poison) => {
    const { model, url, close } = await startIntercomEmulator()
    const poisoned = fill(poison, (subject, body) =>
      model.inbox.addConversation({
        subject,
        parts: [{ body: `<p>How do I reset it?</p>`, author: CUSTOMER }, { body: ANSWER + body }],
      }),
    )
    return {
      url,
      close,
      poisoned,
      env,
      config: (apiUrl) => ({ connector: 'tickets', provider: 'intercom', apiUrl, token }),
    }
  },
  'tickets, zendesk': async (poison) => {
    const { support, url, close } = await startZendeskEmulator({ client: { id: 'unsilo', secret: TOKEN } })
    const question = { body: '<p>How do I reset it?</p>', authorId: REQUESTER, channel: 'email' }
    const poisoned = fill(poison, (subject, body) =>
      support.addTicket({ subject, comments: [question, { body: ANSWER + body }] }),
    )
    return { url, close, poisoned, env, config: zendesk('tickets') }
  },
}

const POISONED = 'Poisoned'
/** A thread without an answer that says something is no document. */
const ANSWER = '<p>Open Settings and hold its button for five seconds.</p>'

function zendesk(connector: string): PoisonedSource['config'] {
  return (url) => ({ connector, provider: 'zendesk', url, auth: { clientId: 'unsilo', clientSecret: token } })
}

/** Which native ids are of the poison: `3`, `3:en`, `ticket-3`. */
function fill(
  poison: Poison,
  add: (title: string, body: string) => { readonly id: string | number },
): (id: string) => boolean {
  let poisoned = ''
  for (let at = 0; at < GOOD; at++) {
    if (at === GOOD / 2) poisoned = String(add(POISONED, poison.html()).id)
    add(`Device ${at}`, `<p>To reset device ${at}, open Settings and hold its button for ${at} seconds.</p>`)
  }
  return (id) => id.split(':')[0]?.replace(/^(conversation|ticket)-/, '') === poisoned
}
