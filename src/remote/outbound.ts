import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { fetch } from 'undici'
import { type Network, type Networks, networksOf, parseNetwork } from '../service/networks.ts'

/** Which addresses the server itself may call: whoever names a URL to it must not reach through it what only it can. */
export interface OutboundRule {
  /** A closed server calls public addresses only, and what is allowed. */
  readonly isRestricted: boolean
  readonly allowed: AllowedTargets
}

/** What `--allow-target` names. */
export interface AllowedTargets {
  /** Names and addresses, as they stand in a URL, perhaps with a port. */
  readonly hosts: ReadonlySet<string>
  readonly networks: Networks
}

export const noTargets: AllowedTargets = { hosts: new Set(), networks: networksOf([]) }

/**
 * Host names, addresses and networks with commas between them: `minio.internal:9000, 10.1.0.0/16, [fd00::1]:9000`.
 * Undefined when one of them is none.
 */
export function parseTargets(text: string): AllowedTargets | undefined {
  const hosts = new Set<string>()
  const networks: Network[] = []
  for (const target of text.split(',').map((part) => part.trim())) {
    const network = parseNetwork(target.replace(/^\[(.*)\]$/, '$1'))
    if (network) networks.push(network)
    else if (/^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d+)?$/i.test(target)) hosts.add(target.toLowerCase())
    else return undefined
  }
  return { hosts, networks: networksOf(networks) }
}

/** The one way to other servers. */
export interface Outbound {
  /** fetch, but that it follows no redirect, and connects to the very addresses that it has looked up and judged. */
  readonly fetch: typeof fetch
  /** Why this URL would not be called now; undefined when it would, or when nobody knows its name. */
  refusalOf(url: string): Promise<string | undefined>
  close(): Promise<void>
}

export function createOutbound(rule: OutboundRule, lookup: LookupFunction = systemLookup): Outbound {
  let client: ReturnType<typeof openClient> | undefined
  const isNamedIn = ({ host, hostname }: URL) =>
    rule.allowed.hosts.has(host) || rule.allowed.hosts.has(hostname)
  return {
    async refusalOf(text) {
      const url = new URL(text)
      if (!rule.isRestricted || isNamedIn(url)) return undefined
      const name = url.hostname.replace(/^\[(.*)\]$/, '$1')
      const addresses = isIP(name) === 0 ? await addressesOf(name, lookup) : [name]
      return addresses.map((address) => refusalOf(rule, url.hostname, address)).find((one) => one)?.message
    },
    async fetch(input, init) {
      const url = new URL(String(input))
      const { hostname } = url
      const isNamed = isNamedIn(url)
      // What is an address already is not looked up.
      const address = hostname.replace(/^\[(.*)\]$/, '$1')
      const refusal = isNamed || isIP(address) === 0 ? undefined : refusalOf(rule, hostname, address)
      if (refusal) throw new TypeError('fetch failed', { cause: refusal })
      client ??= openClient(rule, lookup)
      const { fetch, anywhere, judged } = await client
      return fetch(url, { ...init, redirect: 'manual', dispatcher: isNamed ? anywhere : judged })
    },
    async close() {
      const opened = await client
      await Promise.all([opened?.anywhere.destroy(), opened?.judged.destroy()])
    },
  }
}

/** Loaded for whoever calls another server at all. */
async function openClient(rule: OutboundRule, lookup: LookupFunction) {
  const { Agent, fetch } = await import('undici')
  return {
    fetch,
    anywhere: new Agent({ connect: { lookup } }),
    judged: new Agent({ connect: { lookup: judging(rule, lookup) } }),
  }
}

/** All of them; none of a name that cannot be looked up. */
const addressesOf = (name: string, lookup: LookupFunction): Promise<string[]> =>
  new Promise((resolve) => {
    lookup(name, { all: true }, (error, found) => {
      if (error) resolve([])
      else resolve(typeof found === 'string' ? [found] : found.map(({ address }) => address))
    })
  })

/** Looks a name up, and fails where one of its addresses is not to be called. */
const judging =
  (rule: OutboundRule, lookup: LookupFunction): LookupFunction =>
  (name, options, done) =>
    lookup(name, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address)
      const refusal = error ?? addresses.map((address) => refusalOf(rule, name, address)).find((one) => one)
      done(refusal ?? null, found, family)
    })

/** Networks that nobody on the internet has: of this host, of this link, private, and those that hold such in them. */
const NOT_PUBLIC = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
  ...[
    '::/127',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2002::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ],
]

const notPublic = networksOf(NOT_PUBLIC.map((network) => parseNetwork(network)!))

/** https://www.iana.org/assignments/iana-ipv4-special-registry, and the one for IPv6. */
export function refusalOf(
  { isRestricted, allowed }: OutboundRule,
  name: string,
  address: string,
): Error | undefined {
  if (!isRestricted || allowed.networks.has(address) || !notPublic.has(address)) return undefined
  const what = name.includes(address) ? name : `${name} (${address})`
  return new Error(`${what} is no public address: a closed server calls it only with --allow-target ${name}`)
}
