import { ask } from '../client.ts'
import { CommandFailure } from '../command.ts'
import type { ServerAddress } from '../server-address.ts'

/** An open server asks no role for leave. */
export const ANY_ROLE = 'arn:aws:iam::000000000000:role/firehose'
const RoleName = 'standpipe-lab-firehose'
const PolicyName = 'lab'

const policyOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } })

/** One that is left over from a lab that was killed is taken. */
function unlessRefused(error: unknown): undefined {
  if (!(error instanceof CommandFailure)) throw error
}

/** A role that Firehose may assume to read the lab's stream and to put into its bucket; resolves with its ARN. */
export async function makeRole(server: ServerAddress): Promise<string> {
  const call = <T>(operation: string, input: object) => ask<T>(server, `api/aws/iam/${operation}`, input)
  const known = await call<{ Role: { Arn: string } }>('GetRole', { RoleName }).catch(unlessRefused)
  const { Role } =
    known ??
    (await call<{ Role: { Arn: string } }>('CreateRole', {
      RoleName,
      AssumeRolePolicyDocument: policyOf({
        Principal: { Service: 'firehose.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    }))
  const PolicyDocument = policyOf({ Action: ['kinesis:*', 's3:*'], Resource: '*' })
  await call('PutRolePolicy', { RoleName, PolicyName, PolicyDocument })
  return Role.Arn
}

export async function deleteRole(server: ServerAddress): Promise<void> {
  await ask(server, 'api/aws/iam/DeleteRolePolicy', { RoleName, PolicyName })
  await ask(server, 'api/aws/iam/DeleteRole', { RoleName })
}
