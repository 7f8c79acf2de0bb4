import type { EntityImplementation } from './entity-implementation.ts'

/** Executes methods that the runtime itself cannot: part of a method that brings its engine along. */
export interface MethodEngine {
  /**
   * Prepares a runner for an entity with such methods: installs what executes them, and gives back the implementation that
   * the runner registers, whose handlers of these methods begin an execution.
   *
   * @param host - the runner, as `RunnerHost` of `@cruster/sharding/extension`
   */
  adopt(host: unknown, implementation: EntityImplementation): EntityImplementation
}
