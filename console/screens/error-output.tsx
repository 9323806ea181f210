import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { GaugeView } from '../../src/api/views.ts'
import { aws, textOf } from '../api.ts'
import { Failure } from '../parts/action.tsx'
import { countText } from '../quantity.ts'
import { hrefOf } from '../router.ts'

interface Description {
  readonly DeliveryStreamDescription: {
    readonly Destinations: readonly {
      readonly ExtendedS3DestinationDescription?: {
        readonly BucketARN: string
        readonly ErrorOutputPrefix?: string
      }
    }[]
  }
}

interface ErrorOutputProps {
  readonly name: string
  readonly gauge: GaugeView | undefined
}

/** Where records go that cannot be delivered, and how many did. */
export function ErrorOutput({ name, gauge }: ErrorOutputProps) {
  const place = useSignal<{ bucket: string; prefix: string } | undefined>(undefined)
  const failure = useSignal('')
  useEffect(() => {
    aws<Description>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: name }).then(
      ({ DeliveryStreamDescription: { Destinations } }) => {
        const { BucketARN = '', ErrorOutputPrefix = '' } =
          Destinations[0]?.ExtendedS3DestinationDescription ?? {}
        place.value = { bucket: BucketARN.slice(BucketARN.lastIndexOf(':') + 1), prefix: ErrorOutputPrefix }
      },
      (error) => {
        failure.value = textOf(error)
      },
    )
  }, [name])
  const waiting = gauge?.errors?.buffered.records ?? 0
  const objects = gauge?.lastDeliveries.filter(({ kind, givenUp }) => kind === 'errors' || givenUp) ?? []
  const { bucket, prefix } = place.value ?? {}
  return (
    <section class="panel stack">
      <h2>Error output</h2>
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
