/// The progress of a load.
package struct SimulationProgress: Sendable, Equatable {
  /// Payments committed, including those of an earlier, interrupted call.
  package let payments: Int
  /// Payments of the whole run.
  package let total: Int
}

/// The result of a load.
package struct SimulationReport: Sendable, Equatable {
  /// Key of the run in `simulation_runs`.
  package let simulationId: Int
  /// Payments of the run.
  package let payments: Int
  /// Settlements of the run.
  package let settlements: Int
  /// Payments that this call added; 0 when the run was complete before.
  package let addedPayments: Int
  /// Whether the run was complete before this call.
  package let wasAlreadyThere: Bool
  /// Planted events in the answer key.
  package let answers: Int
}
