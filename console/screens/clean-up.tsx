import { useSignal } from '@preact/signals'
import { aws } from '../api.ts'
import { overview } from '../live.ts'
import { Failure, useAction } from '../parts/action.tsx'
import { Dialog } from '../parts/dialog.tsx'

/** Deletes everything of this account and region, after showing what that is. */
export function CleanUp() {
  const isAsking = useSignal(false)
  const said = overview.value
  const clean = useAction(async () => {
    if (!said) return
    for (const { name } of said.deliveryStreams)
      await aws('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: name })
    for (const { name } of said.streams)
      await aws('kinesis', 'DeleteStream', { StreamName: name, EnforceConsumerDeletion: true })
    for (const { name } of said.buckets) await deleteBucket(name)
    isAsking.value = false
  })
  const things = said && [
    ...said.deliveryStreams.map(({ name }) => `Delivery stream ${name}`),
    ...said.streams.map(({ name }) => `Stream ${name}, with its records`),
    ...said.buckets.map(({ name }) => `Bucket ${name}, with all its objects`),
  ]
  return (
    <>
      <button
        type="button"
        class="danger"
        disabled={!things?.length}
        onClick={() => {
          isAsking.value = true
        }}
      >
        Clean up …
      </button>
      {isAsking.value && (
        <Dialog
          label="Clean up"
          onClose={() => {
            isAsking.value = false
          }}
        >
          <p>This is deleted for good:</p>
          <ul>
            {things?.map((thing) => (
              <li key={thing}>{thing}</li>
            ))}
          </ul>
          <Failure text={clean.failure.value} />
          <div class="row">
            <button type="button" class="danger" disabled={clean.busy.value} onClick={() => clean.start()}>
              Delete all of it
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}

interface Page {
  readonly Contents?: readonly { readonly Key: string }[]
}

/** Empties the bucket first, as S3 wants it. */
async function deleteBucket(bucket: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await aws<Page>('s3', 'ListObjectsV2', { Bucket: bucket })
    if (Contents.length === 0) break
    await aws('s3', 'DeleteObjects', {
      Bucket: bucket,
      Delete: { Objects: Contents.map(({ Key }) => ({ Key })), Quiet: true },
    })
  }
  await aws('s3', 'DeleteBucket', { Bucket: bucket })
}
