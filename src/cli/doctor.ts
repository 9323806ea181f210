import { columns } from './columns.ts'
import { CLIENT_SETTINGS, command, EXIT } from './command.ts'
import { checkClients } from './doctor/check-clients.ts'
import { checkDataFolder } from './doctor/check-data-folder.ts'
import { checkEnvironment } from './doctor/check-environment.ts'
import { checkNode } from './doctor/check-node.ts'
import { checkServer } from './doctor/check-server.ts'

export const doctor = command({
  name: 'doctor',
  args: '',
  doc: 'check the set-up; each line says what to do about it',
  settings: [...CLIENT_SETTINGS, 'data'],
  flags: {},
  async run({ settings, env, json, out }) {
    const server = await checkServer(settings)
    const findings = [
      checkNode(process.versions.node),
      ...server.findings,
      ...(await checkDataFolder(settings.data, server.health?.dataDir)),
      ...checkEnvironment(env, settings),
      ...(await checkClients()),
    ]
    if (json) for (const finding of findings) out(JSON.stringify(finding))
    else
      for (const line of columns(findings.map(({ state, subject, text }) => [state, subject, text])))
        out(line)
    return findings.some(({ state }) => state === 'fail') ? EXIT.failure : EXIT.ok
  },
})
