package import PayopsCore

/// Generates the payments of a run as CSV, without a database.
package struct SimulationExport: Sendable {
  private let parameters: SimulationParameters

  /// Prepares an export.
  ///
  /// - Parameter parameters: what to generate.
  package init(parameters: SimulationParameters) {
    self.parameters = parameters
  }

  /// Writes a header line and one line for each payment, in time order.
  ///
  /// The columns are those of `transactions`; an empty cell stands for NULL. The amount in the base
  /// currency is empty for other currencies: the database has the rates.
  ///
  /// - Parameters:
  ///   - now: the end of the history when the parameters give none.
  ///   - write: receives the bytes in pieces.
  /// - Throws: ``SimulationError``, `CancellationError`, or what `write` throws.
  package func writePayments(
    now: CivilInstant, to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try parameters.validate()
    let plan = SimulationPlan(
      parameters: parameters, end: parameters.end ?? now.truncatedToMinute)
    let format = PaymentFormat(plan: plan)
    let buffer = RowBuffer(separator: 0x2C)
    buffer.beginRow()
    for column in PaymentFormat.columns { buffer.text(column) }
    buffer.endRow()
    var sampler = PaymentSampler(plan: plan)
    var payments: [Payment] = []
    var settlements: [Settlement] = []
    while !sampler.isAtEnd {
      try Task.checkCancellation()
      settlements.removeAll(keepingCapacity: true)
      sampler.nextHour(payments: &payments, settlements: &settlements)
      for payment in payments {
        format.write(payment, to: buffer)
        if buffer.count > 1 << 17 {
          try write(buffer.written)
          buffer.clear()
        }
      }
    }
    if buffer.count > 0 { try write(buffer.written) }
  }
}
