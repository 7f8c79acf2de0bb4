import { library } from '../../tsup.base.ts'

export default library(['src/main.ts', 'src/cluster/cluster-main.ts'])
