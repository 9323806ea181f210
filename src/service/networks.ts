import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Addresses that share their first bits. */
export interface Network {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  /** How many bits they share, of 32 or of 128. */
  readonly bits: number
}

/** `203.0.113.0/24`, `2001:db8::/32`, or one address; undefined for what is none. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const family = familyOf(address)
  if (!family || rest.length > 0 || address.includes('%')) return undefined
  const most = family === 'ipv4' ? 32 : 128
  const isLength = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= most)
  return isLength ? { address, family, bits: Number(length ?? most) } : undefined
}

/** Some networks, of which it is asked whether an address lies in one of them: IPv4 also as IPv6 writes it. */
export interface Networks {
  has(address: string): boolean
}

export function networksOf(networks: readonly Network[]): Networks {
  const list = new BlockList()
  for (const { address, family, bits } of networks) list.addSubnet(address, bits, family)
  return {
    has(address) {
      const family = familyOf(address)
      return family !== undefined && list.check(address, family)
    },
  }
}

const familyOf = (address: string): Network['family'] | undefined =>
  isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
