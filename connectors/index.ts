/** The connectors there are, by the name that a configuration gives. Each is loaded when a source asks for it. */
import type { Connector } from '../src/core/types.ts'

export const connectors = {
  confluence: async () => (await import('./confluence/index.ts')).confluence,
  'help-center': async () => (await import('./help-center/index.ts')).helpCenter,
} satisfies Record<string, () => Promise<Connector>>
