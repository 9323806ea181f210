import type { ReadableKind } from '../engine/ports/document.ts'
import { channelDocument } from './channels/channel.ts'
import { holderDocument } from './consumers/subscription.ts'
import { commitmentDocument } from './limits/commitment.ts'
import { streamDocument } from './streams/stream.ts'

/** Every document that Kinesis keeps. */
export const KINESIS_DOCUMENTS: readonly ReadableKind<unknown>[] = [
  streamDocument,
  channelDocument,
  holderDocument,
  commitmentDocument,
]
