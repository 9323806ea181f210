import { checkPresigned } from '../../auth/signatures/presigned-link.ts'
import type { Dialect, RestAddress } from '../../service/dialect.ts'
import { createForms } from '../forms/forms.ts'
import { framingOf } from './aws-chunked.ts'
import { headersOf } from './link-headers.ts'
import { aimed, BUCKET, isSubresource, isTelling, OBJECT } from './selectors.ts'
import { refuseUnmatched } from './unmatched.ts'

/** What S3 reads, says and writes in ways that the REST protocol knows nothing of; its control plane shares it. */
export const s3ControlDialect: Dialect = {
  isTelling,
  refuse: refuseUnmatched,
  authenticate: checkPresigned,
  headersOf,
  framingOf,
  encodeWords,
  decodeWords,
}

export const s3Dialect: Dialect = {
  ...s3ControlDialect,
  addressOf,
  aimed,
  forms: createForms(isSubresource),
}

/** The host names by which this machine's S3 is found, and its buckets in them. */
export const S3_HOSTS = ['s3.localhost', '*.s3.localhost']

/**
 * The bucket and the key that a request names, the bucket in the host name or first in the path.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
function addressOf(host: string, path: string): RestAddress {
  const hosted = bucketOfHost(host)
  const [, bucket = '', key = ''] = hosted !== undefined ? ['', hosted, path.slice(1)] : splitPath(path)
  if (bucket === '') return { path: '/', labels: {} }
  return key === ''
    ? { path: BUCKET, labels: { Bucket: bucket } }
    : { path: OBJECT, labels: { Bucket: bucket, Key: key } }
}

const splitPath = (path: string) => /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? []

/**
 * `BUCKET.localhost`, or whatever stands before `.s3.`, `.s3-REGION.` as in AWS's own host names. Everything else
 * (an address, a plain host name) is a server's name. Twelve digits before a host are S3 Control's account.
 */
export function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const found = /^(.+?)\.s3(?:-[a-z0-9-]+)?\..+$/.exec(name) ?? /^(.+)\.localhost$/.exec(name)
  const bucket = found?.[1]
  return bucket === undefined || bucket === 's3' || /^\d{12}$/.test(bucket) ? undefined : bucket
}

/**
 * Text that HTTP cannot carry, as S3 sends and reads it in user metadata.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 * https://www.rfc-editor.org/rfc/rfc2047
 */
const PLAIN = /^[\t\x20-\x7e]*$/
const WORD = /=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=/g
const MAX_WORD_LENGTH = 75

/** Printable ASCII as it is, all else as encoded words: `Q` where most is ASCII, `B` where not. */
export function encodeWords(text: string): string {
  if (PLAIN.test(text)) return text
  const characters = [...text]
  const asciiCount = characters.filter((character) => PLAIN.test(character)).length
  const encode = asciiCount > characters.length - asciiCount ? wordQ : wordB
  return split(characters, encode).join(' ')
}

/** Encoded words as text; what is no encoded word, or in a charset that nobody knows, stays as it is. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  return text.replace(/(\?=)\s+(?==\?)/g, '$1').replace(WORD, (word, charset, encoding, content) => {
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(content, 'base64') : bytesOfQ(content)
    try {
      return new TextDecoder(charset).decode(bytes)
    } catch {
      return word
    }
  })
}

function split(characters: readonly string[], encode: (text: string) => string): string[] {
  const word = encode(characters.join(''))
  if (word.length <= MAX_WORD_LENGTH || characters.length < 2) return [word]
  const half = characters.length >> 1
  return [...split(characters.slice(0, half), encode), ...split(characters.slice(half), encode)]
}

const wordB = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`

const wordQ = (text: string): string =>
  `=?UTF-8?Q?${Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    if (character === ' ') return '_'
    return /[\x21-\x7e]/.test(character) && !/[=?_]/.test(character)
      ? character
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')}?=`

function bytesOfQ(content: string): Buffer {
  const latin1 = content
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
  return Buffer.from(latin1, 'latin1')
}
