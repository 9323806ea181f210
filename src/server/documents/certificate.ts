import { readFile } from 'node:fs/promises'
import type { MetadataStore } from '../../engine/engine.ts'
import { S3_HOSTS } from '../../s3/dialect/address.ts'
import { createCertificate } from '../../wire/port/tls-certificate.ts'

export const CERTIFICATE_KEY = 'standpipe/certificate'

/** PEM texts. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** The user's own certificate, or the self-signed one that was made at the first start. */
export async function certificateOf(
  metadata: MetadataStore,
  { tlsCert, tlsKey }: { readonly tlsCert?: string | undefined; readonly tlsKey?: string | undefined },
): Promise<Certificate> {
  if (tlsCert !== undefined && tlsKey !== undefined)
    return { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') }
  const saved = await metadata.get<Certificate>(CERTIFICATE_KEY)
  if (saved) return saved.value
  const made = await createCertificate(S3_HOSTS)
  await metadata.commit([{ put: CERTIFICATE_KEY, value: made }])
  return made
}
