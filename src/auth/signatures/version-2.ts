import { createHmac } from 'node:crypto'
import type { RequestHead } from '../../service/signing/authentication.ts'
import { foldedHeader } from '../../service/signing/canonical-request.ts'

/** What version 2 needs to know of S3. */
export interface Resources {
  /** The bucket in a host name; undefined for a server's name. */
  bucketOf(host: string): string | undefined
  /** Whether a query member names a part of a bucket or an object, and is signed for that. */
  isSubresource(member: string): boolean
}

const OVERRIDES = /^response-(cache-control|content-(disposition|encoding|language|type)|expires)$/

/**
 * What Signature Version 2 in the query of an S3 link is computed over, a byte to a character.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
export function stringToSign2(head: RequestHead, resources: Resources): string {
  const { method, query, headers } = head
  const said = (name: string) => headers.get(name) ?? asBytes(query.get(name) ?? '')
  return [
    method,
    said('content-md5'),
    said('content-type'),
    query.get('Expires') ?? '',
    amzHeaders(head) + resourceOf(head, resources),
  ].join('\n')
}

export const signature2 = (secretAccessKey: string, text: string): string =>
  createHmac('sha1', secretAccessKey).update(text, 'latin1').digest('base64')

/** Those of the request, and those that the link carries in their stead. */
function amzHeaders({ headers, repeated, query }: RequestHead): string {
  const values = new Map<string, string>()
  for (const [name, value] of headers)
    if (name.startsWith('x-amz-'))
      values.set(name, (repeated.get(name) ?? [value]).map(foldedHeader).join(','))
  for (const [member, value] of query) {
    const name = member.toLowerCase()
    if (name.startsWith('x-amz-') && !values.has(name)) values.set(name, asBytes(foldedHeader(value)))
  }
  return [...values.keys()]
    .sort()
    .map((name) => `${name}:${values.get(name)}\n`)
    .join('')
}

function resourceOf({ path, query, headers }: RequestHead, resources: Resources): string {
  const bucket = resources.bucketOf(headers.get('host') ?? '')
  const members = [...query]
    .filter(([name]) => resources.isSubresource(name) || OVERRIDES.test(name))
    .sort(([name], [other]) => (name < other ? -1 : name > other ? 1 : 0))
    .map(([name, value]) => (value === '' ? name : `${name}=${asBytes(value)}`))
  const place = bucket === undefined ? path : `/${bucket}${path}`
  return members.length > 0 ? `${place}?${members.join('&')}` : place
}

/** UTF-8, a byte to a character. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1')
