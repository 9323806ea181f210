import type { Access } from '../service/access.ts'

/**
 * Whoever lets a service work by a role needs leave to hand it that role: they would else do by it what they may not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const passRole = (roleArn: string, service: string): Access => ({
  action: 'iam:PassRole',
  resource: roleArn,
  account: roleArn.split(':')[4] ?? '',
  keys: { 'iam:PassedToService': service },
})
