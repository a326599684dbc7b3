/** Extensions of ADF, which are the macros of storage format under another spelling. */
import { createElement, type Element, type Node } from '../storage/tree.ts'
import { stringAt, valueAt } from './json.ts'

/** The parameter that holds a macro's plain text body. */
const PLAIN_BODY = '__bodyContent'

/** `key` is an extension's key: `toc`, or for an app `APP_ID/ENVIRONMENT/static/mermaid-diagram`. */
export function macroElement(
  key: string,
  parameters: ReadonlyMap<string, string>,
  rich: readonly Node[] | null,
): Element {
  const children: Node[] = []
  for (const [name, value] of parameters) {
    if (name === PLAIN_BODY) children.push(createElement('ac:plain-text-body', {}, [value]))
    else children.push(parameterElement(name, value))
  }
  if (rich !== null) children.push(createElement('ac:rich-text-body', {}, rich))
  return createElement('ac:structured-macro', { 'ac:name': key.slice(key.lastIndexOf('/') + 1) }, children)
}

/** Confluence's own macros keep their parameters in `macroParams`, those of apps in `guestParams`. */
export function parametersOf(attrs: unknown): ReadonlyMap<string, string> {
  const all = valueAt(attrs, 'parameters')
  const own = valueAt(all, 'macroParams') ?? valueAt(all, 'guestParams') ?? valueAt(attrs, 'macroParams')
  const parameters = new Map<string, string>()
  if (typeof own !== 'object' || own === null) return parameters
  for (const name of Object.keys(own)) {
    const value = stringAt(valueAt(own, name), 'value') || stringAt(own, name)
    if (value !== '') parameters.set(name, value)
  }
  return parameters
}

function parameterElement(name: string, value: string): Element {
  const person = name === 'user' ? createElement('ri:user', { 'ri:account-id': value }, []) : value
  return createElement('ac:parameter', { 'ac:name': name }, [person])
}
