/** The two places where text becomes something that a browser could run, named for Trusted Types and for whoever reviews. */

interface Policy {
  createHTML(text: string): string
  createScriptURL(text: string): string
}

interface Factory {
  createPolicy(name: string, rules: Policy): Policy
}

const rules: Policy = { createHTML: (text) => text, createScriptURL: (text) => text }
const policy = policyOf()

/** Nothing in it runs or loads: it belongs to no window. What is taken out of it is for the caller to choose. */
export function inert(html: string): HTMLElement {
  return new DOMParser().parseFromString(policy.createHTML(html), 'text/html').body
}

/** @param address of our own worker, beside the page */
export function workerAddress(address: string): string {
  return policy.createScriptURL(address)
}

/** Where the page allows no policy of this name, one without Trusted Types works as ever, and one with them says so. */
function policyOf(): Policy {
  try {
    return (globalThis as { trustedTypes?: Factory }).trustedTypes?.createPolicy('unsilo-help', rules) ?? rules
  } catch {
    return rules
  }
}
