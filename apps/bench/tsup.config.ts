import { library } from '../../tsup.base.ts'

const roles = ['measure', 'runner', 'echo-server', 'sleepers', 'resting']

export default library(['src/main.ts', ...roles.map((role) => `src/roles/${role}.ts`)])
