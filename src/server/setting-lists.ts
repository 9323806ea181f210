import { parseNetwork } from '../service/networks.ts'
import { UsageError } from './usage-error.ts'

/** Parts of a setting that takes several, separated by commas; undefined when one of them means nothing. */
function listOf(text: string, parse: (part: string) => string | undefined): readonly string[] | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parse)
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts : undefined
}

/** Origins as browsers write them. */
export const originsOf = (text: string) =>
  listOf(text, (part) => {
    if (part === '*' || part === 'null')
      throw new UsageError(
        `--allow-origin ${part} would let every website in: name the origins, such as http://localhost:5173`,
      )
    const url = URL.parse(part)
    if (!url || url.search || url.hash || url.username || url.password) return undefined
    if (/^https?:$/.test(url.protocol)) return url.pathname === '/' ? url.origin : undefined
    return url.host !== '' && (url.pathname === '' || url.pathname === '/')
      ? `${url.protocol}//${url.host}`
      : undefined
  })

const HOST = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** Names of hosts, `*.` before one for all below it; in lower case. */
export const hostsOf = (text: string) =>
  listOf(text, (part) => (HOST.test(part.toLowerCase()) ? part.toLowerCase() : undefined))

/** Addresses and CIDR blocks. */
export const blocksOf = (text: string) => listOf(text, (part) => (parseNetwork(part) ? part : undefined))
