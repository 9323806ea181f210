import { integer, required, structure } from '../../service/shape.ts'
import { onAll } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { QUOTAS, shardLimitOf } from '../limits/quotas.ts'
import { openShardsOf } from '../streams/stream.ts'

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
  accesses: onAll('DescribeLimits'),
  async handle({ streams }, _, caller) {
    const present = (await streams.list(caller)).map(({ stream }) => stream)
    const provisioned = present.filter(({ mode }) => mode === 'PROVISIONED')
    return {
      ShardLimit: shardLimitOf(caller.region),
      OpenShardCount: provisioned.reduce((sum, stream) => sum + openShardsOf(stream).length, 0),
      OnDemandStreamCount: present.length - provisioned.length,
      OnDemandStreamCountLimit: QUOTAS.onDemandStreams,
      ChannelCount: present.reduce((sum, { channels = [] }) => sum + channels.length, 0),
      ChannelCountLimit: QUOTAS.onDemandStreams * (QUOTAS.channelsToBuckets + QUOTAS.channelsToTables),
    }
  },
})
