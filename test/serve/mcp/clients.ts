/** The official clients of both eras of MCP, made one for the tests. */

import { join } from 'node:path'
import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio'
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'unsilo.js')

export const ERAS = ['2025', '2026'] as const
export type Era = (typeof ERAS)[number]

export interface Tool {
  readonly name: string
  readonly description?: string | undefined
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
  readonly outputSchema?: unknown
}

export interface Answer {
  readonly isError: boolean
  /** Of the first block. */
  readonly text: string
  readonly data: unknown
}

export interface Asking {
  tools(): Promise<readonly Tool[]>
  call(name: string, input?: Readonly<Record<string, unknown>>): Promise<Answer>
  close(): Promise<void>
}

/** Starts `unsilo mcp` with these arguments. */
export async function overStdio(era: Era, args: readonly string[]): Promise<Asking> {
  const start = { command: process.execPath, args: [BIN, 'mcp', '--quiet', ...args] }
  if (era === '2026') return await modern(new ModernStdio(start))
  const client = new LegacyClient({ name: 'test', version: '1' })
  await client.connect(new LegacyStdio(start))
  return asking(client)
}

export async function overHttp(era: Era, url: string, headers: Readonly<Record<string, string>> = {}): Promise<Asking> {
  const options = { requestInit: { headers } }
  if (era === '2026') return await modern(new ModernHttp(new URL(url), options))
  const client = new LegacyClient({ name: 'test', version: '1' })
  await client.connect(new LegacyHttp(new URL(url), options) as Parameters<LegacyClient['connect']>[0])
  return asking(client)
}

async function modern(transport: Parameters<ModernClient['connect']>[0]): Promise<Asking> {
  const client = new ModernClient(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  await client.connect(transport)
  return asking(client)
}

function asking(client: ModernClient | LegacyClient): Asking {
  return {
    tools: async () => (await client.listTools()).tools as readonly Tool[],
    close: () => client.close(),
    async call(name, input = {}) {
      const result = await client.callTool({ name, arguments: { ...input } })
      const [first] = result.content as readonly { readonly text?: string }[]
      return { isError: result.isError === true, text: first?.text ?? '', data: result.structuredContent }
    },
  }
}
