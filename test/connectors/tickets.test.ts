import { describe } from 'vitest'
import { type TicketsConfig, type TicketsCursor, tickets } from '../../connectors/tickets/index.ts'
import { type Stage, testConnector } from '../conformance/connector.ts'
import { startSmallInbox } from './tickets-stage.ts'

describe('Intercom’s inbox as a connector', () => {
  testConnector<TicketsConfig, TicketsCursor>({ connector: tickets, setup: startStage })
})

async function startStage(): Promise<Stage> {
  const { emulator, inbox, config, id } = await startSmallInbox()
  const native = (name: string) => id(name).replace(/^\w+-/, '')
  const live = new Set(['Invoices', 'Refunds', 'Plans', 'Printer', 'Export'].map(id))
  return {
    config,
    live: () => [...live],
    restricted: () => null,
    edit: () => {
      inbox.reply(native('Invoices'), { body: '<p>Since today it is under Settings, Documents.</p>' })
      return id('Invoices')
    },
    remove: () => {
      inbox.remove(native('Refunds'))
      live.delete(id('Refunds'))
      return id('Refunds')
    },
    breakBody: () => {
      inbox.reply(native('Plans'), { body: 42 })
      return id('Plans')
    },
    close: emulator.close,
  }
}
