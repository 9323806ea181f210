import { IAM } from '@aws-sdk/client-iam'
import { CLIENT_KEY } from './client-access.ts'

/** A role that Firehose and Kinesis may assume to read every stream and to write every bucket. */
export async function makeDeliveryRole(
  endpoint: string,
  RoleName = 'firehose',
  credentials = CLIENT_KEY,
): Promise<void> {
  const iam = new IAM({ endpoint, region: 'us-east-1', credentials })
  const policyOf = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } })
  const services = ['firehose.amazonaws.com', 'kinesis.amazonaws.com']
  await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: policyOf({ Principal: { Service: services }, Action: 'sts:AssumeRole' }),
  })
  const PolicyDocument = policyOf({ Action: ['kinesis:*', 's3:*'], Resource: '*' })
  await iam.putRolePolicy({ RoleName, PolicyName: 'delivery', PolicyDocument })
  iam.destroy()
}
