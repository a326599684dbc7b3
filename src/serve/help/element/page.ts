/** What the page at /help does beside showing the element: whom it hands over to, which language it is in, and that it opens offline. */
import { UnsiloHelp } from './element.ts'
import { workerAddress } from './trusted.ts'

interface Messenger {
  Intercom?: (command: 'showNewMessage', text: string) => void
}

document.addEventListener('unsilo-help:handover', (event) => {
  const { query } = (event as CustomEvent<{ query: string }>).detail
  const messenger = (globalThis as Messenger).Intercom
  const contact = document.querySelector<HTMLAnchorElement>('#contact')
  if (messenger !== undefined) messenger('showNewMessage', query)
  else if (!event.defaultPrevented) contact?.click()
})

document.addEventListener('unsilo-help:locale', (event) => {
  document.documentElement.lang = (event as CustomEvent<{ locale: string }>).detail.locale
})

const help = document.querySelector('unsilo-help')
if (help instanceof UnsiloHelp) document.documentElement.lang = help.spoken()

// A page in a frame of another site, or over plain HTTP, may have none.
navigator.serviceWorker
  ?.register(workerAddress(new URL('help/worker.js', location.href).href), {
    scope: new URL('help', location.href).pathname,
  })
  .catch(() => undefined)
