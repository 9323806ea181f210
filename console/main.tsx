import { render } from 'preact'
import { App } from './app.tsx'
import { startRouter } from './router.ts'
import { startLive } from './server/live.ts'
import { startSession } from './server/sign-in.ts'

startRouter()
startSession()
startLive()
render(<App />, document.getElementById('app')!)
