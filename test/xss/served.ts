/** A server whose documents are vectors, as somebody runs it. */
import { temporaryIndex } from '../../src/cli/temporary-index.ts'
import { createApp } from '../../src/serve/app.ts'
import { asking, solving } from '../../src/serve/asking/ask.ts'
import { listen } from '../../src/serve/listen.ts'
import { serveMetrics } from '../../src/serve/metrics.ts'
import type { Vector } from './vectors.ts'

export interface Served {
  readonly url: string
  /** What `GET /v1/documents/{id}?format=html` says of a vector, in their order. */
  html(at: number): Promise<string>
  close(): Promise<void>
}

export const SOURCE = 'written'

export async function serveVectors(vectors: readonly Vector[], signal: AbortSignal): Promise<Served> {
  const given = vectors.map(({ markdown, title, url }, at) => ({
    head: {
      ...{ id: String(at), version: '1', title, url, updatedAt: '2026-01-01T00:00:00Z', path: ['Path', title] },
      ...{ kind: 'page' as const, labels: [title], access: 'public' as const },
    },
    markdown,
  }))
  const index = await temporaryIndex(new Map([[SOURCE, given]]), signal)
  const app = createApp({
    ...{
      index: index.store,
      ask: asking(solving(index.store)),
      publicUrl: undefined,
      version: '0',
      origins: [],
      perMinute: 10_000_000,
    },
    feedback: { add: async () => undefined, close: async () => undefined },
    metrics: serveMetrics({ version: '0', now: () => 0, ofProcess: false }),
    identity: () => ({ tokens: [] }),
    ...{ now: () => 0, addressOf: () => '', knownHost: null, report: () => undefined },
  })
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  return {
    url: `http://127.0.0.1:${listening.port}`,
    async html(at) {
      const answered = await app.request(`/v1/documents/${SOURCE}:${at}?format=html`)
      const { html } = (await answered.json()) as { readonly html?: string }
      if (html === undefined) throw new Error(`vector ${at} is not served: ${answered.status}`)
      return html
    },
    async close() {
      await listening.close(1000)
      await index.remove()
    },
  }
}
