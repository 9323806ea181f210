import { useSignal } from '@preact/signals'
import type { Overview } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { aws, deleteDeliveryStream, get } from '../../server/api.ts'
import { OVERVIEW_ACTION, overview } from '../../server/live.ts'
import { countText } from '../../texts/quantity.ts'

/** The lists hold the first of each kind only; and what is being deleted is there a moment longer. */
const MAX_ROUNDS = 50
const PAUSE_MS = 500

/** Deletes everything of this account and region, after showing what that is. */
export function CleanUp() {
  const isAsking = useSignal(false)
  const things = overview.value ? thingsOf(overview.value) : []
  const clean = useAction(async () => {
    await deleteAll()
    isAsking.value = false
  })
  return (
    <Needs actions={actionsFor(overview.value)} to="clean up">
      <button
        type="button"
        class="danger"
        disabled={things.length === 0}
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
            {things.map((thing) => (
              <li key={thing}>{thing}</li>
            ))}
          </ul>
          <Failure text={clean.failure.value} />
          <div class="row">
            <button type="button" class="danger" disabled={clean.busy.value} onClick={() => clean.start()}>
              {clean.busy.value ? 'Deleting …' : 'Delete all of it'}
            </button>
          </div>
        </Dialog>
      )}
    </Needs>
  )
}

/** What it takes to delete what there is. */
const actionsFor = (said: Overview | undefined): readonly string[] => [
  OVERVIEW_ACTION,
  ...(said?.deliveryStreams.some(({ channel }) => !channel) ? ['firehose:DeleteDeliveryStream'] : []),
  ...(said?.deliveryStreams.some(({ channel }) => channel) ? ['kinesis:DeleteChannel'] : []),
  ...(said?.streams.length ? ['kinesis:DeleteStream'] : []),
  ...(said?.buckets.length ? ['s3:ListBucket', 's3:DeleteObject', 's3:DeleteBucket'] : []),
]

function thingsOf({ streams, deliveryStreams, buckets, totals }: Overview): string[] {
  const more = (count: number, one: string) => (count > 0 ? [`and ${countText(count, one)} more`] : [])
  return [
    ...deliveryStreams.map(
      ({ name, channel }) => `${channel ? 'Channel' : 'Delivery stream'} ${name}, with what it has buffered`,
    ),
    ...more(totals.deliveryStreams - deliveryStreams.length, 'delivery stream'),
    ...streams.map(({ name }) => `Stream ${name}, with its records and consumers`),
    ...more(totals.streams - streams.length, 'stream'),
    ...buckets.map(({ name }) => `Bucket ${name}, with all its objects`),
    ...more(totals.buckets - buckets.length, 'bucket'),
  ]
}

async function deleteAll(): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { deliveryStreams, streams, buckets, totals } = await get<Overview>('overview')
    const isThere = ({ status }: { readonly status: string }) => status !== 'DELETING'
    const writing = deliveryStreams.filter(isThere)
    const holding = streams.filter(isThere)
    if (writing.length + holding.length + buckets.length === 0) {
      const listed = deliveryStreams.length + streams.length + buckets.length
      if (listed === totals.deliveryStreams + totals.streams + totals.buckets) return
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
    for (const deliveryStream of writing) await deleteDeliveryStream(deliveryStream)
    for (const { name } of holding)
      await aws('kinesis', 'DeleteStream', { StreamName: name, EnforceConsumerDeletion: true })
    for (const { name } of buckets) await deleteBucket(name)
  }
  throw new Error('Something is created as fast as it is deleted: stop it, and clean up again.')
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
