/** What a bucket holds. */
export interface BucketBytes {
  readonly objects: number
  /** Of its objects. */
  readonly bytes: number
  /** Of the parts of its uploads under way. */
  readonly uploadBytes: number
}

const NOTHING: BucketBytes = { objects: 0, bytes: 0, uploadBytes: 0 }

/** How much more, or less. */
type Difference = Partial<BucketBytes>

interface UploadTally {
  readonly bucket: string
  bytes: number
}

/** The sums of all buckets, and the uploads that parts belong to. */
export function createTallies() {
  const buckets = new Map<string, BucketBytes>()
  const uploads = new Map<string, UploadTally>()
  const add = (bucket: string, { objects = 0, bytes = 0, uploadBytes = 0 }: Difference) => {
    const now = buckets.get(bucket) ?? NOTHING
    const sum = {
      objects: now.objects + objects,
      bytes: now.bytes + bytes,
      uploadBytes: now.uploadBytes + uploadBytes,
    }
    if (sum.objects === 0 && sum.bytes === 0 && sum.uploadBytes === 0) buckets.delete(bucket)
    else buckets.set(bucket, sum)
  }
  return {
    buckets: (): ReadonlyMap<string, BucketBytes> => buckets,
    of: (bucket: string): BucketBytes => buckets.get(bucket) ?? NOTHING,
    uploadBytes: (id: string): number => uploads.get(id)?.bytes ?? 0,
    /** Bytes under an object's key: undefined where there is none. */
    object(bucket: string, before: number | undefined, after: number | undefined): void {
      const [had, has] = [before !== undefined, after !== undefined]
      add(bucket, { objects: Number(has) - Number(had), bytes: (after ?? 0) - (before ?? 0) })
    },
    /** Of an upload that has ended nobody counts the parts. */
    part(upload: string, before: number | undefined, after: number | undefined): void {
      const known = uploads.get(upload)
      if (!known) return
      const more = (after ?? 0) - (before ?? 0)
      known.bytes += more
      add(known.bucket, { uploadBytes: more })
    },
    began(upload: string, bucket: string): void {
      if (!uploads.has(upload)) uploads.set(upload, { bucket, bytes: 0 })
    },
    ended(upload: string): void {
      const known = uploads.get(upload)
      if (!known) return
      uploads.delete(upload)
      add(known.bucket, { uploadBytes: -known.bytes })
    },
  }
}

export type Tallies = ReturnType<typeof createTallies>
