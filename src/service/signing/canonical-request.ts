/**
 * What Signature Version 4 is computed over. Texts are bytes, one to a character, as HTTP carries them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export interface CanonicalParts {
  readonly method: string
  /** Canonical already. */
  readonly path: string
  readonly query: string
  /** Names in lower case with their values, in the order in which they are signed. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** SHA-256 of the body in hex, or a word for how it is signed. */
  readonly payload: string
}

export function canonicalRequest({ method, path, query, headers, payload }: CanonicalParts): string {
  let lines = ''
  let names = ''
  for (const [name, value] of headers) {
    lines += `${name}:${value}\n`
    names += names === '' ? name : `;${name}`
  }
  return `${method}\n${path}\n${query}\n${lines}\n${names}\n${payload}`
}

const UNRESERVED = /^[A-Za-z0-9\-._~]$/
const PLAIN_PATH = /^[A-Za-z0-9\-._~/]*$/
const PLAIN = /^[A-Za-z0-9\-._~]*$/

/** Every byte but the unreserved ones and `/` encoded once, in upper case, whichever of them were before. */
export const pathEncodedOnce = (path: string): string =>
  PLAIN_PATH.test(path) ? path : path.split('/').map(encodedOnce).join('/').replaceAll('%2F', '/')

/** Encoded once more as it is sent. */
export const pathEncodedTwice = (path: string): string =>
  PLAIN_PATH.test(path) ? path : path.replace(/[^A-Za-z0-9\-._~/]/g, percent)

/** Without `.`, `..` and empty segments. */
export function normalisedPath(path: string): string {
  if (!/\/[./]/.test(path)) return path
  const kept: string[] = []
  for (const segment of path.split('/'))
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  const end = kept.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : ''
  return `/${kept.join('/')}${end}`
}

/** A query as it is sent, without its mark: sorted, every name and value encoded once; without the member `omitted`. */
export function canonicalQuery(query: string, omitted?: string): string {
  if (query === '') return ''
  const members: [name: string, value: string][] = []
  for (const member of query.split('&')) {
    if (member === '') continue
    const equals = member.indexOf('=')
    const name = encodedMember(equals < 0 ? member : member.slice(0, equals))
    if (name !== omitted) members.push([name, equals < 0 ? '' : encodedMember(member.slice(equals + 1))])
  }
  members.sort(([name, value], [otherName, otherValue]) =>
    name === otherName ? order(value, otherValue) : order(name, otherName),
  )
  return members.map(([name, value]) => `${name}=${value}`).join('&')
}

const order = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

/** In a query a plus is a space. */
const encodedMember = (text: string) => (PLAIN.test(text) ? text : encodedOnce(text.replaceAll('+', '%20')))

const encodedOnce = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~]/g, (found, hex: string | undefined) => {
    if (hex === undefined) return percent(found)
    const character = String.fromCharCode(Number.parseInt(hex, 16))
    return UNRESERVED.test(character) ? character : percent(character)
  })

const percent = (character: string) =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** A header's value without spaces around it, each row of spaces in it one. Other bytes are parts of characters. */
export const foldedHeader = (value: string): string => {
  const trimmed = trimmedHeader(value)
  return /[ \t]{2}|\t/.test(trimmed) ? trimmed.replace(/[ \t]+/g, ' ') : trimmed
}

export function trimmedHeader(value: string): string {
  let [from, to] = [0, value.length]
  while (from < to && isSpace(value.charCodeAt(from))) from++
  while (to > from && isSpace(value.charCodeAt(to - 1))) to--
  return value.slice(from, to)
}

const isSpace = (code: number) => code === 0x20 || code === 0x09
