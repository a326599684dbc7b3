/** `unsilo mcp`: the index to a client that speaks the Model Context Protocol over this process's streams. */
import { Writable } from 'node:stream'
import { asUnsiloError } from '../core/errors.ts'
import { plain } from '../core/plain.ts'
import { NO_BASE } from '../serve/addresses.ts'
import { asking, type Solve, solving } from '../serve/asking/ask.ts'
import { serveStreams } from '../serve/mcp/stdio.ts'
import { reopening } from '../serve/reopening.ts'
import { embedding } from './arms.ts'
import type { Io } from './io.ts'
import type { McpOptions } from './options.ts'
import { note } from './output.ts'
import { openForAsking, openOutline, openPublicUrl } from './setup.ts'
import { version } from './version.ts'

/** Ends when stdin does. An error that a client can't mend goes to stderr: stdout carries the protocol alone. */
export async function runMcp(options: McpOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const publicUrl = await openPublicUrl(options, io)
  const store = await reopening(() => openForAsking(outline))
  const solve: Solve = (posed) => store.whole((one) => solving(one)(posed))
  try {
    if (!options.quiet) note(io, `Answering MCP as ${options.as.join(', ') || 'the public'}.`)
    if (publicUrl === undefined && !options.quiet) note(io, NO_BASE, { level: 'warn' })
    const door = {
      ...{ index: store, ask: asking(solve, embedding(options, io)), publicUrl, version: version() },
      report: (thrown: unknown) => {
        const { code, message } = asUnsiloError(thrown)
        note(io, plain(message), { level: 'error', code })
      },
    }
    await serveStreams(door, options.as, { input: process.stdin, output: protocolOutput(io) }, io.signal)
  } finally {
    await store.close()
  }
  return 0
}

function protocolOutput(io: Io): Writable {
  return new Writable({
    write: (chunk, _, written) => {
      io.stdout(String(chunk))
      written()
    },
  })
}
