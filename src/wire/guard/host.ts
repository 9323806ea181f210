/**
 * Names under which no stranger on the internet can publish an address: without a dot, or reserved for private use. DNS
 * rebinding lets a stranger's page talk to this machine, but only under the stranger's own name.
 */
const NEAR_NAME = /^(?:.+\.)?localhost$/
const PRIVATE_NAME = /^(?:[a-z0-9_-]+|.+\.(?:internal|local|svc|test))$/
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

export interface KnownHosts {
  /** The port is open to other machines, too. */
  readonly isWide: boolean
  /** `name` or `*.name`, in lower case. */
  readonly allowed: readonly string[]
}

/** Of a Host header: without the port, in lower case. */
export const hostNameOf = (host: string): string => host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase()

export const isHostName = (name: string): boolean => name.length <= 253 && NAME.test(name)

/** Whether a web page that reached us under this Host may be one of ours. */
export function isKnownHost(host: string, { isWide, allowed }: KnownHosts): boolean {
  const name = hostNameOf(host)
  if (ADDRESS.test(name)) return true
  if (!isHostName(name)) return false
  if (NEAR_NAME.test(name) || (isWide && PRIVATE_NAME.test(name))) return true
  return allowed.some((each) => (each.startsWith('*.') ? name.endsWith(each.slice(1)) : name === each))
}
