/** The connectors there are, by the name that a configuration gives. Each is loaded when a source asks for it. */
import type { Connector } from '../src/core/connector.ts'

export const connectors = {
  confluence: async () => (await import('./confluence/index.ts')).confluence,
  'google-docs': async () => (await import('./google-docs/index.ts')).googleDocs,
  'help-center': async () => (await import('./help-center/index.ts')).helpCenter,
  tickets: async () => (await import('./tickets/index.ts')).tickets,
} satisfies Record<string, () => Promise<Connector>>
