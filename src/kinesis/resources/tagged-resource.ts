import { untilCommitted } from '../../engine/update.ts'
import { parseChannelArn } from '../channels/channel.ts'
import { findChannel } from '../channels/store.ts'
import type { Kinesis } from '../kinesis.ts'
import { parseStreamArn, type StreamRef } from '../stream-ref.ts'
import { changeResource, findResource } from './resource.ts'
import type { Tags } from './tags.ts'

/** The tags of a stream, a consumer or a channel; rejects as `findResource` does. */
export async function tagsOf(kinesis: Kinesis, arn: string): Promise<Tags> {
  if (parseChannelArn(arn)) return (await findChannel(kinesis, arn)).channel.tags
  return (await findResource(kinesis, arn)).resource.tags
}

/** Commits what `change` makes of it; rejects as `tagsOf` does, or with what `change` throws. */
export async function changeTags(
  kinesis: Kinesis,
  arn: string,
  change: <R extends { readonly tags: Tags }>(resource: R, ref: StreamRef) => R,
): Promise<void> {
  if (!parseChannelArn(arn)) return await changeResource(kinesis, arn, change)
  await untilCommitted(async () => {
    const { document, channel } = await findChannel(kinesis, arn)
    const value = change(channel, parseStreamArn(channel.streamArn)!)
    await kinesis.metadata.commit([{ put: document.key, value, expect: document.revision }])
  })
}
