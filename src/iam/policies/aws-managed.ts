import type { ManagedPolicy } from './managed-policy.ts'

/** Whose they are. */
export const AWS_ACCOUNT = 'aws'

interface Row {
  readonly path?: string
  readonly id: string
  readonly version: number
  readonly createdAt: string
  readonly updatedAt?: string
  readonly actions: readonly string[]
}

/**
 * The policies of AWS's own that pipelines attach, each as AWS had it when this was written. All allow some actions on
 * everything. Any other is answered for as one that there is not.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const ROWS: Readonly<Record<string, Row>> = {
  AdministratorAccess: {
    id: 'ANPAIWMBCKSKIEE64ZLYK',
    version: 1,
    createdAt: '2015-02-06T18:39:46Z',
    actions: ['*'],
  },
  AmazonS3FullAccess: {
    id: 'ANPAIFIR6V6BVTRAHWINE',
    version: 2,
    createdAt: '2015-02-06T18:40:58Z',
    updatedAt: '2021-09-27T20:16:37Z',
    actions: ['s3:*', 's3-object-lambda:*'],
  },
  AmazonS3ReadOnlyAccess: {
    id: 'ANPAIZTJ4DXE7G6AGAE6M',
    version: 3,
    createdAt: '2015-02-06T18:40:59Z',
    updatedAt: '2023-08-10T21:31:39Z',
    actions: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
  },
  AmazonKinesisFullAccess: {
    id: 'ANPAIVF32HAMOXCUYRAYE',
    version: 1,
    createdAt: '2015-02-06T18:40:29Z',
    actions: ['kinesis:*'],
  },
  AmazonKinesisReadOnlyAccess: {
    id: 'ANPAIOCMTDT5RLKZ2CAJO',
    version: 1,
    createdAt: '2015-02-06T18:40:30Z',
    actions: ['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'],
  },
  AmazonKinesisFirehoseFullAccess: {
    id: 'ANPAJMZQMTZ7FRBFHHAHI',
    version: 1,
    createdAt: '2015-10-07T18:45:26Z',
    actions: ['firehose:*'],
  },
  AmazonKinesisFirehoseReadOnlyAccess: {
    id: 'ANPAJ36NT645INW4K24W6',
    version: 1,
    createdAt: '2015-10-07T18:43:39Z',
    actions: ['firehose:Describe*', 'firehose:List*'],
  },
  AWSLambdaBasicExecutionRole: {
    path: '/service-role/',
    id: 'ANPAJNCQGXC42545SKXIK',
    version: 1,
    createdAt: '2015-04-09T15:03:43Z',
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  },
  AWSLambdaKinesisExecutionRole: {
    path: '/service-role/',
    id: 'ANPAJHOLKJPXV4GBRMJUQ',
    version: 2,
    createdAt: '2015-04-09T15:14:16Z',
    updatedAt: '2018-11-19T20:09:24Z',
    actions: [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ],
  },
  IAMFullAccess: {
    id: 'ANPAI7XKCFMBPM3QQRRVQ',
    version: 2,
    createdAt: '2015-02-06T18:40:38Z',
    updatedAt: '2019-06-21T19:40:00Z',
    actions: [
      'iam:*',
      'organizations:DescribeAccount',
      'organizations:DescribeOrganization',
      'organizations:DescribeOrganizationalUnit',
      'organizations:DescribePolicy',
      'organizations:ListChildren',
      'organizations:ListParents',
      'organizations:ListPoliciesForTarget',
      'organizations:ListRoots',
      'organizations:ListPolicies',
      'organizations:ListTargetsForPolicy',
    ],
  },
  IAMReadOnlyAccess: {
    id: 'ANPAJKSO7NDY4T57MWDSQ',
    version: 4,
    createdAt: '2015-02-06T18:40:39Z',
    updatedAt: '2018-01-25T19:11:27Z',
    actions: [
      'iam:GenerateCredentialReport',
      'iam:GenerateServiceLastAccessedDetails',
      'iam:Get*',
      'iam:List*',
      'iam:SimulateCustomPolicy',
      'iam:SimulatePrincipalPolicy',
    ],
  },
}

const policyOfRow = ([name, row]: [string, Row]): ManagedPolicy => {
  const { path = '/', id, version, createdAt, updatedAt = createdAt, actions } = row
  const Statement = [{ Effect: 'Allow', Action: actions.length === 1 ? actions[0] : actions, Resource: '*' }]
  const document = JSON.stringify({ Version: '2012-10-17', Statement })
  return {
    ...{
      name,
      path,
      id,
      partition: 'aws',
      createdAt: Date.parse(createdAt),
      updatedAt: Date.parse(updatedAt),
    },
    versions: [{ number: version, document, createdAt: Date.parse(updatedAt) }],
    ...{ defaultVersion: version, lastVersion: version, attachments: 0, boundaries: 0 },
  }
}

/** In the order of their names. */
export const awsPolicies: readonly ManagedPolicy[] = Object.entries(ROWS)
  .map(policyOfRow)
  .sort((one, other) => (one.name < other.name ? -1 : 1))

export const awsPolicyOf = (path: string, name: string): ManagedPolicy | undefined =>
  awsPolicies.find((policy) => policy.name === name && policy.path === path)
