/** Addresses that share their first bits, as one number of 128 bits: IPv4 lies within IPv6. */
export interface IpRange {
  readonly first: bigint
  /** How many bits after the shared ones. */
  readonly freeBits: bigint
}

const V4_IN_V6 = 0xffffn << 32n

/** `203.0.113.0/24`, `2001:db8::/32`, or one address; undefined for what is none. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const parsed = parseAddress(address)
  if (parsed === undefined || rest.length > 0) return undefined
  const bits = address.includes(':') ? 128 : 32
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits)) return undefined
  const freeBits = BigInt(bits - Number(length ?? bits))
  return { first: (parsed >> freeBits) << freeBits, freeBits }
}

export function contains({ first, freeBits }: IpRange, address: string): boolean {
  const parsed = parseAddress(address)
  return parsed !== undefined && parsed >> freeBits === first >> freeBits
}

/** How many bits a range's addresses share, of 32 or of 128. */
export const sharedBitsOf = (text: string): { readonly bits: number; readonly isV4: boolean } | undefined => {
  const range = parseIpRange(text)
  const isV4 = !text.includes(':')
  return range && { bits: (isV4 ? 32 : 128) - Number(range.freeBits), isV4 }
}

function parseAddress(text: string): bigint | undefined {
  if (!text.includes(':')) {
    const v4 = parseV4(text)
    return v4 === undefined ? undefined : V4_IN_V6 | v4
  }
  const tail = /^(.*:)([\d.]+)$/.exec(text)
  if (tail?.[2]?.includes('.')) {
    const v4 = parseV4(tail[2])
    if (v4 === undefined) return undefined
    return parseV6(`${tail[1]}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`)
  }
  return parseV6(text)
}

function parseV4(text: string): bigint | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  if (!parts || parts.some((part) => part > 255)) return undefined
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
}

function parseV6(text: string): bigint | undefined {
  const [head = '', tail, ...rest] = text.split('::')
  if (rest.length > 0) return undefined
  const groups = (side: string) => (side === '' ? [] : side.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const all = [...before, ...Array<string>(missing).fill('0'), ...after]
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}
