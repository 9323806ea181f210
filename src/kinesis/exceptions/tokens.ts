/** What Kinesis answers about the tokens of its lists. AWS documents which members go together; the words are known of the first two. */
import { ServiceException } from '../../service/exception.ts'
import { invalidArgument } from './kinds.ts'

export const neitherTokenNorStream = () =>
  invalidArgument('Either NextToken or StreamName should be provided.')

export const tokenAndStream = () => invalidArgument('NextToken and StreamName cannot be provided together.')

export const tokenAndMember = (member: string) =>
  invalidArgument(`NextToken and ${member} cannot be provided together.`)

export const invalidNextToken = () => invalidArgument('Invalid NextToken.')

export const expiredNextToken = (lifetimeMs: number) =>
  new ServiceException(
    'ExpiredNextTokenException',
    `NextToken expired. A token can be used for ${lifetimeMs} milliseconds.`,
  )
