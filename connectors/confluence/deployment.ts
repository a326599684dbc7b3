/** Tells Confluence Cloud from Data Center, and opens the client for what it is. */
import { UnsiloError } from '../../src/core/errors.ts'
import { type ConfluenceClient, openCloudClient } from './client.ts'
import { type ConfluenceConfig, type Deployment, deploymentOf } from './config.ts'
import { openDataCenterClient } from './data-center/client.ts'
import { absentAsNull, openRequests } from './transport.ts'

export async function openClient(config: ConfluenceConfig, fetch: typeof globalThis.fetch): Promise<ConfluenceClient> {
  const deployment = deploymentOf(config) ?? (await askDeployment(config, fetch))
  return deployment === 'cloud' ? openCloudClient(config, fetch) : openDataCenterClient(config, fetch)
}

const NOT_THERE = [404, 410]

/** Only an answer that there is no such thing is taken as a no. Cloud has dropped the endpoint that Data Center lists spaces by. */
async function askDeployment(config: ConfluenceConfig, fetch: typeof globalThis.fetch): Promise<Deployment> {
  const isThere = async (deployment: Deployment, path: string) => {
    const get = openRequests(config, deployment, fetch)
    return (await absentAsNull(() => get(path, { limit: 1 }), NOT_THERE)) !== null
  }
  if (await isThere('data-center', '/rest/api/space')) return 'data-center'
  if (await isThere('cloud', '/wiki/api/v2/spaces')) return 'cloud'
  throw new UnsiloError('CONFIG_INVALID', `baseUrl: no Confluence answers at ${config.apiUrl ?? config.baseUrl}`, {
    hint: 'Add the context path, as in https://example.com/confluence, or set deployment. Nothing was changed.',
  })
}
