import { oneOf, required, structure } from '../../service/shape.ts'
import { onAll } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { describedCommitment, setCommitment } from '../limits/commitment.ts'
import { commitment } from '../shapes.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateAccountSettings.html */
export const updateAccountSettings = operation({
  name: 'UpdateAccountSettings',
  input: structure({
    MinimumThroughputBillingCommitment: required(
      structure({ Status: required(oneOf('ENABLED', 'DISABLED')) }),
    ),
  }),
  output: structure({ MinimumThroughputBillingCommitment: commitment }),
  accesses: onAll('UpdateAccountSettings'),
  async handle({ metadata, clock }, input, caller) {
    const now = Math.floor(clock.now())
    const isEnabled = input.MinimumThroughputBillingCommitment.Status === 'ENABLED'
    const found = await setCommitment(metadata, caller, isEnabled, now)
    return { MinimumThroughputBillingCommitment: describedCommitment(found, now) }
  },
})
