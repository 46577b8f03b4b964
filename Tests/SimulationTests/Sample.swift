import PayopsCore

@testable import Simulation

/// A run that the tests examine.
struct Sample {
  let plan: SimulationPlan
  var payments: [Payment] = []
  var settlements: [Settlement] = []

  static let end = CivilInstant(secondsSinceEpoch: 1_768_478_400)  // 2026-01-15 12:00:00

  /// 120,000 payments over 90 days; generated once.
  static let usual = Sample(SimulationParameters(transactions: 120_000, end: end))

  init(_ parameters: SimulationParameters) {
    plan = SimulationPlan(parameters: parameters, end: parameters.end ?? Sample.end)
    var sampler = PaymentSampler(plan: plan)
    var hour: [Payment] = []
    while !sampler.isAtEnd {
      sampler.nextHour(payments: &hour, settlements: &settlements)
      payments += hour
    }
  }

  /// The share of the payments that meet a condition.
  func share(_ condition: (Payment) -> Bool) -> Double {
    Double(payments.count(where: condition)) / Double(payments.count)
  }

  /// Checksum of the rows as text.
  var checksum: String {
    let format = PaymentFormat(plan: plan)
    let buffer = RowBuffer()
    var checksum = FNV1a64()
    for payment in payments {
      buffer.clear()
      format.write(payment, to: buffer)
      checksum.update(buffer.written)
    }
    return checksum.hexadecimal
  }

  /// The payments of a typology of a kind, in time order.
  func payments(of kind: TypologyKind) -> [(typology: Typology, payments: [Payment])] {
    plan.typologies.enumerated().filter { $0.element.kind == kind }.map { number, typology in
      let answer = Int32(plan.incidents.count + number)
      return (typology, payments.filter { $0.answer == answer })
    }
  }
}
