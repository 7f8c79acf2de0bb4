import { library } from '../../tsup.base.ts'

const roles = ['measure', 'runner', 'echo-server', 'sleepers', 'resting', 'crowd']

export default library(['src/main.ts', ...roles.map((role) => `src/roles/${role}.ts`)])
