package import Tabular

extension SimulationReport {
  /// What was loaded, for people.
  ///
  /// - Parameter seconds: how long it took
  package func text(seconds: Double) -> String {
    var text = """
      payments        \(payments.grouped)
      settlements     \(settlements.grouped)
      planted events  \(answers.grouped)

      """
    if wasAlreadyThere {
      text += "already there; nothing added\n"
    } else {
      text += "added           \(addedPayments.grouped) payments in"
      text += " \(decimal(seconds)) s (\(rate(seconds).grouped)/s)\n"
    }
    return text
  }

  /// What was loaded.
  ///
  /// - Parameter seconds: how long it took
  package func json(seconds: Double) -> JSON {
    .pairs([
      "simulation_id": .integer(simulationId), "payments": .integer(payments),
      "settlements": .integer(settlements), "planted_events": .integer(answers),
      "added_payments": .integer(addedPayments), "already_there": .bool(wasAlreadyThere),
      "seconds": .number(decimal(seconds)), "payments_per_second": .integer(rate(seconds)),
    ])
  }

  private func rate(_ seconds: Double) -> Int {
    addedPayments > 0 ? Int(Double(addedPayments) / seconds) : 0
  }
}

extension SimulationParameters {
  /// Planted events that were asked for by name.
  package var namedEvents: Int {
    (incidents?.values.reduce(0, +) ?? 0) + (typologies?.values.reduce(0, +) ?? 0)
  }
}

/// What was written into a file.
package struct ExportReport: Sendable {
  private let file: String
  private let payments: Int
  private let seconds: Double

  /// Describes a file.
  ///
  /// - Parameters:
  ///   - file: its path
  ///   - payments: how many it holds
  ///   - seconds: how long it took
  package init(file: String, payments: Int, seconds: Double) {
    self.file = file
    self.payments = payments
    self.seconds = seconds
  }

  private var rate: Int { Int(Double(payments) / max(seconds, 1e-9)) }

  /// For people.
  package var text: String {
    "\(payments.grouped) payments in \(file), \(decimal(seconds)) s (\(rate.grouped)/s)\n"
  }

  /// For programs.
  package var json: JSON {
    .pairs([
      "file": .string(file), "payments": .integer(payments),
      "seconds": .number(decimal(seconds)), "payments_per_second": .integer(rate),
    ])
  }
}

extension LiveProgress {
  private var rate: Int { elapsedSeconds > 0 ? Int(Double(payments) / elapsedSeconds) : 0 }

  /// For people.
  package var text: String {
    "live: \(payments.grouped) payments, \(updates.grouped) updates,"
      + " \(settlements.grouped) settlements in \(decimal(elapsedSeconds)) s (\(rate.grouped)/s)\n"
  }

  /// For programs.
  package var json: JSON {
    .pairs([
      "payments": .integer(payments), "updates": .integer(updates),
      "settlements": .integer(settlements), "seconds": .number(decimal(elapsedSeconds)),
      "payments_per_second": .integer(rate),
    ])
  }
}

/// Seconds with one decimal.
private func decimal(_ seconds: Double) -> String {
  let tenths = Int((seconds * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}
