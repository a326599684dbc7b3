/**
 * What the server did, for Prometheus: counts and times by route. No label holds a question, an id or who asked: routes
 * are those that are described, and whatever else was asked for is one of them.
 */
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Queue } from './asking/queue.ts'

export interface ServeMetrics {
  /** Counts and times every request. */
  readonly measured: MiddlewareHandler
  /** In the text exposition format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
  text(): Promise<string>
  readonly contentType: string
}

export interface MetricsOptions {
  readonly version: string
  /** Milliseconds. */
  now(): number
  /** Figures of the process too: memory, CPU, the event loop. Once a process: they are watched from then on. */
  readonly ofProcess: boolean
  /** In which questions wait. */
  readonly queue?: Pick<Queue, 'waiting' | 'refused'>
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10]
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'])
const OTHER = 'other'
/** Whoever asked did not wait for the answer. */
const GONE = 'gone'

export function serveMetrics({ version, now, ofProcess, queue }: MetricsOptions): ServeMetrics {
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })
  if (queue !== undefined) watch(queue, registers)
  const requests = new Counter({
    name: 'unsilo_http_requests_total',
    help: 'Requests that were answered, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'unsilo_http_request_duration_seconds',
    help: 'How long answering took, by route.',
    labelNames: ['route'],
    buckets: SECONDS,
    registers,
  })
  const open = new Gauge({
    name: 'unsilo_http_requests_in_flight',
    help: 'Requests that are being answered.',
    registers,
  })
  new Gauge({
    name: 'unsilo_build_info',
    help: 'The version that answers.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1)
  return {
    measured: async (c, next) => {
      const startedAt = now()
      open.inc()
      try {
        await next()
      } finally {
        open.dec()
        const route = routeOf(matchedRoutes(c).at(-1)?.path)
        const method = METHODS.has(c.req.method) ? c.req.method : OTHER
        requests.inc({ route, method, status: c.req.raw.signal.aborted ? GONE : c.res.status })
        seconds.observe({ route }, Math.max(0, now() - startedAt) / 1000)
      }
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function watch(queue: Pick<Queue, 'waiting' | 'refused'>, registers: Registry[]): void {
  new Gauge({
    name: 'unsilo_questions_waiting',
    help: 'Questions that wait for a worker.',
    registers,
    collect() {
      this.set(queue.waiting())
    },
  })
  new Counter({
    name: 'unsilo_questions_refused_total',
    help: 'Questions that were refused since too many waited.',
    registers,
    collect() {
      this.reset()
      this.inc(queue.refused())
    },
  })
}

/** As it is described. Where only what holds for many routes matched, there is no such route. */
function routeOf(path: string | undefined): string {
  if (path === undefined || path.includes('*')) return OTHER
  return path.replace(/:(\w+)/g, '{$1}')
}
