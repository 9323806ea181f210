import { run } from './process.ts'

/** By their text: files of one process ask once. */
const reasons = new Map<string, Promise<string | false>>()

/** Why a test that needs a client of AWS's is skipped; false where it is installed. */
function reason(command: string, args: readonly string[], text: string): Promise<string | false> {
  const asked =
    reasons.get(text) ??
    run(command, args)
      .catch(() => ({ code: 1 }))
      .then(({ code }) => code !== 0 && text)
  reasons.set(text, asked)
  return asked
}

/** To import it takes four times as long as to find it. */
const noModule = (name: string) =>
  reason(
    'python3',
    ['-c', `from importlib.util import find_spec; exit(find_spec('${name}') is None)`],
    `${name} is not installed`,
  )

export const noBoto3 = () => noModule('boto3')
export const noBotocore = () => noModule('botocore')
export const noAwsCli = () => reason('aws', ['--version'], 'the AWS CLI is not installed')
