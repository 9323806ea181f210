import type { DeliveryStreamView } from '../src/api/views.ts'
import { aws } from './api.ts'

export const deleteDeliveryStream = ({ name, channel }: Pick<DeliveryStreamView, 'name' | 'channel'>) =>
  channel
    ? aws('kinesis', 'DeleteChannel', { ChannelARN: channel.arn })
    : aws('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: name })
