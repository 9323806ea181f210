import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DeliveryStreamView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure } from '../../parts/action.tsx'
import { hrefOf } from '../../router.ts'
import { aws, textOf } from '../../server/api.ts'
import { mayDo } from '../../server/session.ts'
import { countText } from '../../texts/quantity.ts'

interface Place {
  readonly bucket: string
  readonly prefix: string
}

/** Where records go that cannot be delivered, and how many did. */
export function ErrorOutput({ deliveryStream }: { readonly deliveryStream: DeliveryStreamView }) {
  const { id, gauge } = deliveryStream
  const place = useSignal<Place | undefined>(undefined)
  const failure = useSignal('')
  const action = deliveryStream.channel ? 'kinesis:DescribeChannel' : 'firehose:DescribeDeliveryStream'
  const mayLook = mayDo(action)
  useEffect(() => {
    if (!mayLook) return
    errorPlaceOf(deliveryStream).then(
      (found) => {
        place.value = found
      },
      (error) => {
        failure.value = textOf(error)
      },
    )
  }, [id, mayLook])
  const waiting = gauge?.errors?.buffered.records ?? 0
  const objects = gauge?.lastDeliveries.filter(({ kind, givenUp }) => kind === 'errors' || givenUp) ?? []
  const { bucket, prefix } = place.value ?? {}
  return (
    <section class="panel stack">
      <h2>Error output</h2>
      <Needs actions={[action]} to="see where it goes" />
      {bucket && (
        <p class="mono">
          <a href={hrefOf(['objects'], { bucket, prefix: staticPartOf(prefix ?? '') })}>
            s3://{bucket}/{prefix}
          </a>
        </p>
      )}
      {bucket && !prefix && <p class="muted">No error output prefix is set.</p>}
      <p class="number">
        {objects.length === 0 && waiting === 0
          ? 'No record has gone there, as far as deliveries are remembered.'
          : `${countText(objects.length, 'object')} of failed records among the deliveries above; ${countText(waiting, 'record')} on the way.`}
      </p>
      <Failure text={failure.value} />
    </section>
  )
}

/** What a prefix begins with, up to its first expression and as far as it is whole folders. */
const staticPartOf = (prefix: string): string => {
  const text = prefix.split('!{')[0]!
  return text.slice(0, text.lastIndexOf('/') + 1)
}

interface ErrorSettings {
  readonly BucketARN: string
  readonly ErrorOutputPrefix?: string
}
interface Described {
  readonly DeliveryStreamDescription: {
    readonly Destinations: readonly { readonly ExtendedS3DestinationDescription?: ErrorSettings }[]
  }
}
interface DescribedChannel {
  readonly ChannelDescription: {
    readonly S3DestinationConfiguration: { readonly DeadLetterQueueS3Configuration: ErrorSettings }
  }
}

async function errorPlaceOf({ name, channel }: DeliveryStreamView): Promise<Place> {
  const settings = channel ? await deadLettersOf(channel.arn) : await errorOutputOf(name)
  const { BucketARN = '', ErrorOutputPrefix = '' } = settings ?? {}
  return { bucket: BucketARN.slice(BucketARN.lastIndexOf(':') + 1), prefix: ErrorOutputPrefix }
}

const deadLettersOf = async (ChannelARN: string): Promise<ErrorSettings> =>
  (await aws<DescribedChannel>('kinesis', 'DescribeChannel', { ChannelARN })).ChannelDescription
    .S3DestinationConfiguration.DeadLetterQueueS3Configuration

const errorOutputOf = async (DeliveryStreamName: string): Promise<ErrorSettings | undefined> =>
  (await aws<Described>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName }))
    .DeliveryStreamDescription.Destinations[0]?.ExtendedS3DestinationDescription
