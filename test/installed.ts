import { run } from './process.ts'

/** Why a test that needs a client of AWS's is skipped; false where it is installed. */
const reason = async (command: string, args: string[], text: string): Promise<string | false> =>
  (await run(command, args).catch(() => ({ code: 1 }))).code !== 0 && text

export const noBoto3 = () => reason('python3', ['-c', 'import boto3'], 'boto3 is not installed')
export const noAwsCli = () => reason('aws', ['--version'], 'the AWS CLI is not installed')
