import PayopsCore

/// A run as registered in `simulation_runs`: its parameters and the keys that it uses.
struct SimulationRun: Sendable, Equatable {
  var id = 0
  var isCompleted = false
  var end: CivilInstant
  var firstTransactionId = 1
  var firstCustomerId = 1
  var firstLocationId = 1
  var firstAccountId = 1
  var firstSettlementId = 1
  var firstLoginId = 1

  /// The parameters and keys as stored, JSON with sorted keys.
  func json(parameters: SimulationParameters) -> String {
    "{\(parameters.shape),\"end\":\"\(end)\",\"first_account_id\":\(firstAccountId),"
      + "\"first_customer_id\":\(firstCustomerId),\"first_location_id\":\(firstLocationId),"
      + "\"first_login_id\":\(firstLoginId),\"first_settlement_id\":\(firstSettlementId),"
      + "\"shape\":\"\(parameters.shapeChecksum)\"}"
  }
}
