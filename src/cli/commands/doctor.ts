import { defaultSettings } from '../../server/config.ts'
import { checkAccess } from '../access-findings.ts'
import { CLIENT_SETTINGS, CommandFailure, command, EXIT } from '../command.ts'
import {
  checkClients,
  checkDataFolder,
  checkEnvironment,
  checkServer,
  type Finding,
  fail,
  isAtLeast,
  ok,
  verifyServer,
  warn,
} from '../findings.ts'
import { ADD_DELIMITER, DELIMITER_PROCESSOR, RUN_TOGETHER } from '../newline-hint.ts'
import { isClosed, type ServerAddress } from '../server-address.ts'
import { columns } from '../terminal-text.ts'
import { failureText, listDeliveryStreams } from './status.ts'

export const doctor = command({
  name: 'doctor',
  args: '',
  doc: 'check the set-up; each line says what to do about it',
  settings: [...CLIENT_SETTINGS, 'data', 'auth', 'tlsCert', 'tlsKey'],
  flags: { verify: { doc: 'read all data, and say what is damaged' } },
  async run({ settings, server: address, flags, env, json, out }) {
    const server = await checkServer(address)
    const findings = [
      checkNode(process.versions.node),
      ...server.findings,
      ...(await checkAccess(address, settings, server.health)),
      ...(await checkFolderOf(settings.data, server, flags.verify === true)),
      ...(flags.verify === true && server.health?.durable ? await verifyServer(address) : []),
      ...(server.health ? await checkObjects(address) : []),
      ...checkEnvironment(
        env,
        settings,
        server.health ? server.health.access === 'closed' : await isClosed(address),
      ),
      ...(await checkClients(env)),
    ]
    if (json) for (const finding of findings) out(JSON.stringify(finding))
    else
      for (const line of columns(findings.map(({ state, subject, text }) => [state, subject, text])))
        out(line)
    return findings.some(({ state }) => state === 'fail') ? EXIT.failure : EXIT.ok
  },
})

/**
 * What is not delivered now, and where readers of what is delivered will find several records in one; nothing for who may
 * not know.
 */
async function checkObjects(address: ServerAddress): Promise<Finding[]> {
  try {
    const gauges = await listDeliveryStreams(address)
    return gauges.flatMap((gauge) => {
      const subject = `delivery stream ${gauge.name}`
      return [
        ...(gauge.failures > 0 ? [warn(subject, failureText(gauge))] : []),
        ...(gauge.areRecordsRunTogether
          ? [warn(subject, `${RUN_TOGETHER}; ${ADD_DELIMITER}: ${DELIMITER_PROCESSOR}`)]
          : []),
      ]
    })
  } catch (error) {
    if (error instanceof CommandFailure) return []
    throw error
  }
}

/** Of a server that answers it is the server's folder that matters, unless another one is named. */
async function checkFolderOf(
  data: string,
  { health, isRunning }: Awaited<ReturnType<typeof checkServer>>,
  verify: boolean,
): Promise<Finding[]> {
  const isNamed = data !== defaultSettings.data
  if (isRunning && !isNamed && health?.dataDir === undefined)
    return [ok('data', 'the server does not say where its folder is: give --data to have one looked at')]
  const usedByServer = health?.dataDir
  return await checkDataFolder(isNamed ? data : (usedByServer ?? data), { usedByServer, verify })
}

/** Whether this Node can run Standpipe unbuilt. */
export const checkNode = (version: string): Finding =>
  isAtLeast(version, '22.18')
    ? ok('node', version)
    : fail('node', `${version} is too old: run npm ci, which brings a newer one, or install Node 22.18`)
