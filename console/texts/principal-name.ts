/** Who somebody is in a word: `alice`, `Deployer/run-7`, `root`. */
export function principalName(arn: string): string {
  const [, , , , account = '', ...rest] = arn.split(':')
  const [kind = '', ...names] = rest.join(':').split('/')
  if (kind === 'root') return 'root'
  if (kind === 'assumed-role') return names.join('/')
  return names.at(-1) ?? (account || arn)
}
