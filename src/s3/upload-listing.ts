import type { Bucket } from './bucket.ts'
import { uploadsPrefix } from './document-key.ts'
import { commonPrefixOf, listPage } from './listing.ts'
import type { S3 } from './s3.ts'
import type { Upload } from './upload.ts'

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
  readonly next?: { readonly key: string; readonly uploadId: string | undefined }
}

const LAST_CHARACTER = '\u{10ffff}'

/** By key and, within a key, by the time they began: a listing of keys that end with the upload's id. */
export async function listUploads(s3: S3, bucket: Bucket, query: UploadQuery): Promise<UploadPage> {
  const { prefix, delimiter, keyMarker, uploadIdMarker, limit } = query
  const isPrefix = commonPrefixOf(keyMarker, prefix, delimiter) === keyMarker
  const behindKey = isPrefix ? keyMarker : `${keyMarker}\0${uploadIdMarker ?? LAST_CHARACTER}`
  const page = await listPage(
    async (seek) => {
      const home = uploadsPrefix(bucket.name)
      const found = await s3.metadata.list<Upload>({
        prefix: home + seek.prefix,
        ...(seek.from === undefined ? {} : { from: home + seek.from }),
        ...(seek.after === undefined ? {} : { after: home + seek.after }),
        limit: seek.limit,
      })
      return found.map(({ key, value }) => ({ key: key.slice(home.length), name: value.key, upload: value }))
    },
    { prefix, delimiter, after: keyMarker === '' ? undefined : behindKey, limit },
  )
  const uploads = page.entries.map(({ upload }) => upload)
  if (page.next === undefined) return { uploads, commonPrefixes: page.commonPrefixes }
  const last = page.entries.at(-1)
  return {
    uploads,
    commonPrefixes: page.commonPrefixes,
    next:
      last?.key === page.next
        ? { key: last.name, uploadId: last.upload.id }
        : { key: page.next, uploadId: undefined },
  }
}
