import type { OwnRequest } from '../wire/own-routes.ts'

/** Names under which no stranger on the internet can publish an address: reserved, or without a dot. */
const PRIVATE_NAME =
  /^(?:[a-z0-9_-]+|(?:[a-z0-9_-]+\.)+(?:localhost|local|internal|test|svc|cluster\.local))$/i
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i

/**
 * Whether a web page that reached us by this Host can be one of ours. DNS rebinding lets a stranger's page talk to
 * 127.0.0.1, but only under the stranger's own name.
 */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return ADDRESS.test(name) || PRIVATE_NAME.test(name)
}

/** Why a request must not be answered, or undefined: another site's page must neither read nor change what is here. */
export function refusalOf({ method, headers }: Pick<OwnRequest, 'method' | 'headers'>): string | undefined {
  const host = headers.get('host') ?? ''
  if (!isPrivateHost(host))
    return `Standpipe's own pages are not served under the name ${host}: use an IP address or localhost.`
  const origin = headers.get('origin')
  const isForeign = origin !== undefined && URL.parse(origin)?.host !== host.toLowerCase()
  return method !== 'GET' && isForeign ? 'This page is not allowed to call Standpipe.' : undefined
}
