/** A site of another origin that shows the element, under a policy that names the server and nothing else. */
import { startWebServer, type WebServer } from '../serve/web-server.ts'

/** @param baseOf where the element comes from: known once both servers listen, since each has to know the other */
export async function startHost(baseOf: () => string): Promise<WebServer> {
  return await startWebServer(async () => {
    const base = baseOf()
    const policy = `default-src 'none'; script-src ${base}; connect-src ${base}; img-src data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types unsilo-help`
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
    return new Response(pageWith(base), { headers })
  })
}

function pageWith(base: string): string {
  return `<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width"><title>Shop</title>
<link rel="icon" href="data:,"><script type="module" src="${base}/help/unsilo-help.js"></script>
<h1>Shop</h1><unsilo-help base="${base}"></unsilo-help></html>`
}
