/** The page at /help: one element, and nothing that runs or is styled in line. */
import type { AssetNames } from './assets.ts'
import type { HelpLook } from './look.ts'

/** Addresses are told from the page's own, so that a proxy may put it below any path. */
export function pageOf({ page, style }: AssetNames, look: HelpLook, logo: string | undefined): string {
  const { heading, header, primary, radius, suggest, contact } = look
  const attributes = Object.entries({ heading, logo: logo && `help/assets/${logo}`, header, primary, radius, suggest })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(heading ?? 'Help')}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="help/assets/${style}">
<script type="module" src="help/assets/${page}"></script>
</head>
<body>
<main><unsilo-help routing="fragment"${attributes}></unsilo-help></main>
${contact === undefined ? '' : `<a id="contact" href="${escaped(contact)}" hidden>${escaped(contact)}</a>\n`}<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
