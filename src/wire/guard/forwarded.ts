import { isIPv4, isIPv6 } from 'node:net'
import { networksOf, parseNetwork } from '../../service/networks.ts'

/** Where a request comes from, whoever passed it on. */
export interface Source {
  /** The client's IP address. */
  readonly address: string
  readonly isEncrypted: boolean
}

export type Forwarding = (peer: Source, headers: ReadonlyMap<string, string>) => Source

/**
 * Believes `X-Forwarded-For` and `X-Forwarded-Proto` of the proxies that are named, as addresses or CIDR blocks, and of
 * nobody else. Of several addresses the last one that is no such proxy is the client: what stands before it the client
 * may have written itself.
 */
export function createForwarding(trustedProxies: readonly string[]): Forwarding {
  if (trustedProxies.length === 0) return (peer) => peer
  const trusted = networksOf(trustedProxies.map(parseNetwork).filter((network) => network !== undefined))

  return (peer, headers) => {
    if (!trusted.has(plainAddress(peer.address))) return peer
    const hops = wordsOf(headers.get('x-forwarded-for')).map(plainAddress)
    const protocols = wordsOf(headers.get('x-forwarded-proto'))
    const last = hops.findLastIndex((address) => !trusted.has(address))
    const client = Math.max(last, 0)
    const address = hops[client]
    const protocol = (protocols.length === hops.length ? protocols[client] : protocols.at(-1))?.toLowerCase()
    return {
      address: address !== undefined && (isIPv4(address) || isIPv6(address)) ? address : peer.address,
      isEncrypted: protocol === undefined ? peer.isEncrypted : protocol === 'https',
    }
  }
}

/** Without the port that some proxies add, and IPv4 as itself where a socket of IPv6 took it. */
const plainAddress = (text: string): string =>
  text
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

const wordsOf = (header = ''): string[] =>
  header
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
