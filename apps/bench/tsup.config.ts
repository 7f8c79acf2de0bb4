import { library } from '../../tsup.base.ts'

export default library(['src/main.ts', 'src/roles/measure.ts', 'src/roles/runner.ts', 'src/roles/echo-server.ts'])
