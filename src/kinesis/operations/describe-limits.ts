import { integer, required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { MAX_ON_DEMAND_STREAMS, shardLimitOf } from '../limits/quotas.ts'
import { openShardsOf } from '../streams/stream.ts'

/** One to a general purpose bucket, one to a streaming table. https://docs.aws.amazon.com/streams/latest/dev/data-delivery-quotas.html */
const CHANNELS_OF_A_STREAM = 2

const count = integer({ min: 0, max: 1_000_000 })

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeLimits.html */
export const describeLimits = operation({
  name: 'DescribeLimits',
  input: structure({}),
  output: structure({
    ShardLimit: required(count),
    OpenShardCount: required(count),
    OnDemandStreamCount: required(count),
    OnDemandStreamCountLimit: required(count),
    ChannelCount: count,
    ChannelCountLimit: count,
  }),
  async handle({ streams }, _, caller) {
    const present = (await streams.list(caller)).map(({ stream }) => stream)
    const provisioned = present.filter(({ mode }) => mode === 'PROVISIONED')
    return {
      ShardLimit: shardLimitOf(caller.region),
      OpenShardCount: provisioned.reduce((sum, stream) => sum + openShardsOf(stream).length, 0),
      OnDemandStreamCount: present.length - provisioned.length,
      OnDemandStreamCountLimit: MAX_ON_DEMAND_STREAMS,
      ChannelCount: present.reduce((sum, { channels = [] }) => sum + channels.length, 0),
      ChannelCountLimit: MAX_ON_DEMAND_STREAMS * CHANNELS_OF_A_STREAM,
    }
  },
})
