import type { Bucket } from '../buckets/bucket.ts'
import { type Documents, uploadsPrefix } from '../documents.ts'
import type { Upload } from '../uploads/multipart-upload.ts'
import { behindMarker, commonPrefixOf, listPage } from './listing.ts'

export interface UploadQuery {
  readonly prefix: string
  readonly delimiter: string
  /** Empty: from the start. */
  readonly keyMarker: string
  /** Within the key of the marker; without it, behind all of that key's uploads. */
  readonly uploadIdMarker: string | undefined
  readonly limit: number
}

export interface UploadPage {
  readonly uploads: readonly Upload[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** The markers of what was shown last, given whether more follows or not. */
  readonly next: { readonly key: string; readonly uploadId: string }
}

const LAST_CHARACTER = '\u{10ffff}'

/** By key and, within a key, by the time they began: a listing of keys that end with the upload's id. */
export async function listUploads(ports: Documents, bucket: Bucket, query: UploadQuery): Promise<UploadPage> {
  const { prefix, delimiter, keyMarker, uploadIdMarker, limit } = query
  const marker = behindMarker(keyMarker, prefix, delimiter)
  const isPrefix = commonPrefixOf(keyMarker, prefix, delimiter) !== undefined
  const after = marker === undefined || isPrefix ? marker : `${marker}\0${uploadIdMarker ?? LAST_CHARACTER}`
  const page = await listPage(
    async (seek) => {
      const home = uploadsPrefix(bucket.name)
      const found = await ports.metadata.list<Upload>({
        prefix: home + seek.prefix,
        ...(seek.from === undefined ? {} : { from: home + seek.from }),
        ...(seek.after === undefined ? {} : { after: home + seek.after }),
        limit: seek.limit,
        damaged: 'left out',
      })
      return found.map(({ key, value }) => ({ key: key.slice(home.length), name: value.key, upload: value }))
    },
    { prefix, delimiter, after, limit },
  )
  const last = page.entries.at(-1)
  const endsInPrefix = page.next !== undefined && page.next !== last?.key
  return {
    uploads: page.entries.map(({ upload }) => upload),
    commonPrefixes: page.commonPrefixes,
    isTruncated: page.next !== undefined,
    next: endsInPrefix
      ? { key: page.next, uploadId: '' }
      : { key: last?.name ?? '', uploadId: last?.upload.id ?? '' },
  }
}
