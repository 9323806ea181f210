import { isIPv4, isIPv6 } from 'node:net'
import { S3_HOSTS } from '../../s3/dialect/s3-dialect.ts'
import type { Settings } from '../config.ts'

const LOOPBACK = ['127.0.0.1', '::1']
const HOST_NAME = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/
/** A machine with containers has an address for each of their networks. */
const MOST_ADDRESSES = 100

export interface Machine {
  readonly hostName: string
  readonly addresses: readonly string[]
}

/** Under which names and addresses clients may reach the server: this machine's own, and those that it was given. */
export function listenedOn(
  { host, allowHost }: Pick<Settings, 'host' | 'allowHost'>,
  { hostName, addresses }: Machine,
): readonly string[] {
  const given = host.toLowerCase()
  const reached =
    given === '0.0.0.0'
      ? addresses.filter(isIPv4)
      : given === '::'
        ? addresses
        : isAddress(given)
          ? [given]
          : []
  const names = ['localhost', ...S3_HOSTS, hostName.toLowerCase(), given, ...allowHost]
  const known = names.filter((name) => HOST_NAME.test(name) && name.length <= 253 && !isAddress(name))
  // What only one interface knows (`fe80::1%eth0`) no certificate can name.
  const named = reached.filter((address) => !address.includes('%') && !/^fe80:/i.test(address))
  return [...new Set([...known, ...LOOPBACK, ...named.slice(0, MOST_ADDRESSES).map(canonical)])]
}

export const isAddress = (name: string): boolean => isIPv4(name) || isIPv6(name)

/** The one way in which an address is written: `::1`, never `0:0::1`. */
export const canonical = (address: string): string =>
  isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address

/** An address as a network carries it: 4 or 16 bytes. */
export function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [front = '', back] = canonical(address).split('::')
  const groupsOf = (text = '') => (text === '' ? [] : text.split(':'))
  const [before, after] = [groupsOf(front), groupsOf(back)]
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const groups = back === undefined ? before : [...before, ...zeros, ...after]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
