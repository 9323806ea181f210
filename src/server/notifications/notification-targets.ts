import type { Kinesis } from '../../kinesis/kinesis.ts'
import type { Outbound } from '../../remote/outbound.ts'
import { createWebhook } from '../../remote/webhook.ts'
import type { Targets } from '../../s3/notifications/targets.ts'
import { accessesToStream, streamObstacle, tellStream } from './stream-target.ts'
import { noWebhook, tellWebhook } from './webhook-target.ts'

interface TargetsOptions {
  /** Asked for when somebody is told, which is after it was made. */
  readonly kinesis: () => Kinesis
  readonly webhooks?: Webhooks | undefined
}

/** Those that a server was started with. */
export interface Webhooks {
  /** By name. */
  readonly urls: ReadonlyMap<string, string>
  readonly outbound: Outbound
}

/** All who can be told of S3's events: the streams here, and the webhooks that the server was started with. */
export function notificationTargets({ kinesis, webhooks }: TargetsOptions): Targets {
  // Who does not take an event is asked again by S3, which waits longer each time.
  const post = webhooks && createWebhook({ outbound: webhooks.outbound, waitsMs: [] })
  return {
    obstacleOf: (to) =>
      to.kind === 'stream' ? streamObstacle(kinesis(), to) : webhookObstacle(to.name, webhooks),
    accessesTo: async (to) => (to.kind === 'stream' ? await accessesToStream(kinesis(), to) : []),
    async send(to, messages, signal) {
      if (to.kind === 'stream') return await tellStream(kinesis(), to, messages)
      const url = webhooks?.urls.get(to.name)
      if (!post || url === undefined) return messages.map(() => noWebhook(to.name))
      return await tellWebhook((body) => post(url, body, signal), messages)
    },
  }
}

/** Undefined also where its name cannot be looked up now. */
async function webhookObstacle(name: string, webhooks: Webhooks | undefined): Promise<string | undefined> {
  const url = webhooks?.urls.get(name)
  return url === undefined ? noWebhook(name) : await webhooks?.outbound.refusalOf(url)
}
