import { gunzipSync } from 'node:zlib'
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { type FoundObject, idOf, type Ledger } from './ledger.ts'
import type { Site } from './site.ts'

export interface Gauge {
  readonly buffered: { readonly records: number }
  readonly sealed?: object
  readonly backup?: { readonly buffered: { readonly records: number }; readonly sealed?: object }
  readonly errors?: { readonly buffered: { readonly records: number }; readonly sealed?: object }
  readonly partitions?: { readonly active: number }
  readonly gone?: { readonly records: number; readonly uncounted?: true; readonly why: string }
  readonly lastDeliveries: readonly {
    readonly bucket: string
    readonly key: string
    readonly number: number
    readonly kind: string
  }[]
}

export const gaugeOf = (site: Site, name: string) => site.ask<Gauge>(`api/delivery-streams/${name}`)

/** Reads every object that was not there before; with its number, where that is still told. */
export async function harvest(site: Site, ledger: Ledger): Promise<void> {
  ledger.harvests++
  for (const { Name: Bucket } of (await site.s3().send(new ListBucketsCommand({}))).Buckets ?? [])
    for (const Key of await keysIn(site, Bucket!)) await take(site, ledger, { Bucket: Bucket!, Key })
  for (const { name } of ledger.paths)
    for (const { bucket, key, number } of (await gaugeOf(site, name))?.lastDeliveries ?? []) {
      const found = ledger.objects.get(`${bucket}/${key}`)
      if (found) found.number = number
    }
}

interface Place {
  readonly Bucket: string
  readonly Key: string
}

async function take(site: Site, ledger: Ledger, { Bucket, Key }: Place): Promise<void> {
  if (ledger.objects.has(`${Bucket}/${Key}`)) return
  const { Body } = await site.s3().send(new GetObjectCommand({ Bucket, Key }))
  const bytes = Buffer.from(await Body!.transformToByteArray())
  ledger.objects.set(`${Bucket}/${Key}`, { ...readObject(Key, bytes), harvest: ledger.harvests })
}

async function keysIn(site: Site, Bucket: string): Promise<string[]> {
  const keys: string[] = []
  for (let ContinuationToken: string | undefined; ; ) {
    const page = await site
      .s3()
      .send(new ListObjectsV2Command({ Bucket, ...(ContinuationToken && { ContinuationToken }) }))
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key!))
    ContinuationToken = page.NextContinuationToken
    if (ContinuationToken === undefined) return keys
  }
}

/** Takes what is in it, and what comes meanwhile. */
export async function dropBucket(site: Site, ledger: Ledger, Bucket: string): Promise<void> {
  await harvest(site, ledger)
  for (;;) {
    for (const Key of await keysIn(site, Bucket)) {
      await take(site, ledger, { Bucket, Key })
      await site.s3().send(new DeleteObjectCommand({ Bucket, Key }))
    }
    try {
      await site.s3().send(new DeleteBucketCommand({ Bucket }))
      return
    } catch (error) {
      if ((error as Error).name !== 'BucketNotEmpty') throw error
    }
  }
}

/** Keys are `NAME/KIND/PARTITION/…`. */
function readObject(key: string, bytes: Buffer): Omit<FoundObject, 'harvest'> {
  const [path = '', kind = '', partition = ''] = key.split('/')
  const text = (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  const lines = text.split('\n').slice(0, -1)
  if (kind !== 'objects' && kind !== 'errors' && kind !== 'backup')
    throw new Error(`${key} is no object of ours`)
  if (kind !== 'errors')
    return { path, kind, partition: kind === 'objects' ? partition : '', ids: lines.map(idOf) }
  const rawOf = (line: string) => Buffer.from((JSON.parse(line) as { rawData: string }).rawData, 'base64')
  return { path, kind, partition: '', ids: lines.map((line) => idOf(rawOf(line).toString())) }
}
