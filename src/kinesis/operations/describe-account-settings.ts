import { structure } from '../../service/shape.ts'
import { onAll } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { commitmentOf, describedCommitment } from '../limits/commitment.ts'
import { commitment } from '../shapes.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeAccountSettings.html */
export const describeAccountSettings = operation({
  name: 'DescribeAccountSettings',
  input: structure({}),
  output: structure({ MinimumThroughputBillingCommitment: commitment }),
  accesses: onAll('DescribeAccountSettings'),
  async handle({ metadata, clock }, _, caller) {
    const found = await commitmentOf(metadata, caller)
    return { MinimumThroughputBillingCommitment: describedCommitment(found, clock.now()) }
  },
})
