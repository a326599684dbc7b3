/** Places in a cluster: each is an index of two parts, each of them on both nodes. */
import type { Remote } from '../conformance/remote.ts'

/** Of the cluster that `npm run test:opensearch` starts: a suite is run by that alone. */
export function startedRemote(): Remote {
  const hosts = process.env['UNSILO_OPENSEARCH']
  if (hosts === undefined) throw new Error('No cluster is started: npm run test:opensearch starts one, and runs this.')
  return remoteAt(hosts)
}

export function remoteAt(hosts: string): Remote {
  let places = 0
  return {
    name: 'OpenSearch',
    isAtomic: false,
    place: () => {
      places += 1
      return `opensearch://${hosts}/unsilo-${process.pid}-${places}?shards=2`
    },
  }
}

/** What OpenSearch itself says to a request of one of its own. */
export async function askNode<Body>(location: string, method: string, path: string, body?: object): Promise<Body> {
  const [, host = ''] = /^opensearch:\/\/([^,/]+)/.exec(location) ?? []
  const answer = await fetch(`http://${host}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return (await answer.json()) as Body
}

export function nameIn(location: string): string {
  return /\/([^/?]+)(\?|$)/.exec(location)?.[1] ?? ''
}
