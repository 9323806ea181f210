import type { Wanted } from './cases.ts'
import type { Arrived } from './signed.ts'

/** One change to a request after it was signed. */
export interface Tampering {
  readonly what: string
  readonly arrived: Arrived
}

/** The request with each part of it changed in turn. */
export function tampered(given: Wanted, arrived: Arrived): Tampering[] {
  const { headers, url, method, body } = arrived
  const found: Tampering[] = []
  const add = (what: string, change: Partial<Arrived>) =>
    found.push({ what, arrived: { ...arrived, ...change } })
  const header = (name: string, value: string) => ({ headers: { ...headers, [name]: value } })

  add('the method', { method: method === 'PUT' ? 'POST' : 'PUT' })
  const [path = '', query] = url.split('?')
  const searched = (text: string) => `${path}?${text}`
  add('the path', { url: `${path}x${query === undefined ? '' : `?${query}`}` })
  if (given.spoken === 'rest' || given.spoken === 'own')
    add('a segment more', { url: `${path}/..${query === undefined ? '' : `?${query}`}` })
  add('a query member more', { url: searched(query ? `${query}&added=1` : 'added=1') })
  if (query) {
    const members = query.split('&')
    members.forEach((member, index) => {
      const name = member.split('=', 1)[0]!
      const others = members.toSpliced(index, 1)
      add(`${name} taken away`, { url: searched(others.join('&')) })
      add(`${name} changed`, {
        url: searched([...others, `${member}${member.includes('=') ? '1' : '=1'}`].join('&')),
      })
    })
  }
  for (const name of Object.keys(headers).filter((name) => name !== 'content-length' || !given.isLink)) {
    add(`${name} changed`, header(name, `${headers[name]}1`))
    const { [name]: _, ...others } = headers
    // Without both a request is unsigned, which is judged elsewhere.
    if (name !== 'authorization') add(`${name} taken away`, { headers: others })
  }
  if (given.spoken === 'rest') add('a header more', header('x-amz-acl', 'public-read'))
  if (!given.isLink) add('the body', { body: `${body}x` })
  const { authorization } = headers
  if (authorization !== undefined)
    for (const [what, from, to] of ALTERED)
      add(what, header('authorization', authorization.replace(from, to)))
  return found.filter(({ arrived: changed }) => JSON.stringify(changed) !== JSON.stringify(arrived))
}

const ALTERED: readonly (readonly [what: string, from: RegExp, to: string])[] = [
  ['the key', /Credential=A./, 'Credential=AX'],
  ['the day', /\/20260102\//, '/20260101/'],
  ['the region', /\/eu-west-1\//, '/eu-west-2/'],
  ['the service', /\/(s3|kinesis|firehose|sts|iam|standpipe)\//, '/glue/'],
  ['the end of the scope', /aws4_request/, 'aws5_request'],
  ['a signed header taken out', /SignedHeaders=[^;,]+;/, 'SignedHeaders='],
  ['the host not signed', /;host/, ''],
  ['the signature in capitals', /Signature=[0-9a-f]+/, 'Signature=AB'],
  ['half of the signature', /(Signature=[0-9a-f]{32})[0-9a-f]+/, '$1'],
  ['no signature', /Signature=[0-9a-f]+/, 'Signature='],
  ['another algorithm', /^AWS4-HMAC-SHA256/, 'AWS4-HMAC-SHA512'],
]
