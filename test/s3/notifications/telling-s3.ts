import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine } from '../../../src/engine/ports/engine.ts'
import { createProblems } from '../../../src/metrics/problems.ts'
import type { Targets } from '../../../src/s3/notifications/targets.ts'
import { startNotifying } from '../../../src/s3/telling/notifying.ts'
import { boundS3, NOW } from '../bound-s3.ts'

export const Bucket = 'lake'
export const HOOK = 'arn:standpipe:webhook:::hook'
export const OTHER = 'arn:standpipe:webhook:::other'
export const STREAM = 'arn:aws:kinesis:us-east-1:123456789012:stream/landed'

/** What a test looks at of a message. */
export interface Told {
  readonly to: string
  readonly event: string
  readonly key: string
  readonly sequencer: string
}

// biome-ignore lint/suspicious/noExplicitAny: the tests read messages as a client does that knows no types
type Body = any

/** S3 alone, whose destinations take what the test lets them, with a bucket that tells `hook` of everything. */
export async function tellingS3(
  t: TestContext,
  {
    refusal,
    engine,
    configurations = [{ QueueArn: HOOK, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] }],
  }: {
    /** Why a message is not taken now. */
    refusal?: (told: Told) => string | undefined
    engine?: Engine
    configurations?: readonly object[]
  } = {},
) {
  const told: Told[] = []
  const tried: Told[] = []
  const bodies: Body[] = []
  const targets: Targets = {
    obstacleOf: async () => undefined,
    accessesTo: async () => [],
    async send({ arn }, messages) {
      // As a stream and a webhook do: much happens meanwhile.
      await nextTurn()
      return messages.map((message) => {
        const body = message.body as Body
        const [record] = body.Records ?? []
        const { key = '', sequencer = '' } = record?.s3.object ?? {}
        const one = { to: arn, event: record?.eventName ?? body.Event, key, sequencer }
        const why = refusal?.(one)
        tried.push(one)
        if (why === undefined) {
          told.push(one)
          bodies.push(body)
        }
        return why
      })
    },
  }
  const problems = createProblems({ now: () => NOW, warn: () => undefined, info: () => undefined })
  const bound = await boundS3({ targets, problems, ...(engine && { engine }) })
  const notifying = startNotifying(bound.s3)
  t.after(() => notifying.close())
  const configure = (
    QueueConfigurations: readonly object[],
    more: object = { SkipDestinationValidation: true },
  ) =>
    bound.call('PutBucketNotificationConfiguration', {
      ...{ Bucket, NotificationConfiguration: { QueueConfigurations } },
      ...more,
    })
  await configure(configurations)
  return {
    ...{ ...bound, notifying, problems, configure, told, tried, bodies },
    /** Until all that can be told now was. */
    settled: () => bound.clock.advance(0),
    events: () => told.map(({ event, key }) => `${event} ${key}`),
  }
}
