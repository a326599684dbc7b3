/** A server in the shape of OpenAI's embeddings API whose vectors are made of the words of the texts. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { wordVector } from '../../src/query/evaluation/word-vectors.ts'
import { serve } from '../http/serve.ts'

export const DIMENSIONS = 32

export interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  readonly model: string
  readonly input: readonly string[]
}

export type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: string }

/** What it answers to the nth request instead; undefined: what is asked for. */
export type Instead = (asked: Asked, nth: number) => Answer | undefined

export async function serveEmbeddings(instead: Instead = () => undefined) {
  const asked: Asked[] = []
  const { url } = await serve(async (request, response) => {
    const body = JSON.parse(await readBody(request)) as { model: string; input: string[] }
    const { authorization } = request.headers
    const one: Asked = { path: request.url ?? '', authorization, model: body.model, input: body.input }
    asked.push(one)
    send(response, instead(one, asked.length) ?? { body: JSON.stringify(embeddingsOf(one.input)) })
  })
  return { url, asked }
}

export function embeddingsOf(texts: readonly string[]) {
  return {
    object: 'list',
    data: texts.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })),
  }
}

export function vectorOf(text: string): number[] {
  return [...wordVector(text, DIMENSIONS)]
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}
