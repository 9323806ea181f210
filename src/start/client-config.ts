/** What every AWS SDK client takes in its constructor. */
export interface ClientConfig {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** S3: the bucket in the path, since `bucket.127.0.0.1` is no host name. */
  readonly forcePathStyle: true
}

export const clientConfigOf = (endpoint: string, region: string): ClientConfig => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'standpipe', secretAccessKey: 'standpipe' },
  forcePathStyle: true,
})
