import PayopsCore
import Testing

@testable import Simulation

@Suite("Repeatability of generated data")
struct RepeatabilityTests {
  private func checksum(seed: UInt64) -> String {
    Sample(SimulationParameters(transactions: 5000, days: 20, end: Sample.end, seed: seed)).checksum
  }

  @Test("the same seed gives the same bytes, another seed gives others")
  func sameSeed() {
    #expect(checksum(seed: 1) == checksum(seed: 1))
    #expect(checksum(seed: 1) != checksum(seed: 2))
  }

  @Test("the bytes of this version are fixed")
  func golden() {
    // A change here is a change of the data: raise SimulationParameters.generatorVersion.
    #expect(SimulationParameters.generatorVersion == "1")
    #expect(checksum(seed: 42) == "3eb43e838723220c")
  }

  @Test("the number of payments is exact", arguments: [100, 1234, 50_001])
  func exactCount(_ count: Int) {
    let sample = Sample(SimulationParameters(transactions: count, days: 30, end: Sample.end))
    #expect(sample.payments.count == count)
    #expect(sample.payments.map(\.index) == Array(0..<count))
    #expect(sample.plan.chunks.reduce(0) { $0 + $1.paymentCount } == count)
  }

  @Test("a copy of a stopped sampler continues with the same payments")
  func resumable() {
    let plan = Sample.usual.plan
    var first = PaymentSampler(plan: plan)
    var payments: [Payment] = []
    var settlements: [Settlement] = []
    for _ in 0..<200 { first.nextHour(payments: &payments, settlements: &settlements) }
    var copy = first
    first.nextHour(payments: &payments, settlements: &settlements)
    let expected = payments.map { [$0.cents, Int($0.account), $0.second, $0.balanceAfter] }
    copy.nextHour(payments: &payments, settlements: &settlements)
    #expect(payments.map { [$0.cents, Int($0.account), $0.second, $0.balanceAfter] } == expected)
  }

  @Test("chunks follow each other without gap and stay within the limit")
  func chunks() {
    let plan = SimulationPlan(
      parameters: SimulationParameters(transactions: 60_000, days: 10), end: Sample.end,
      chunkLimit: 2000)
    var hour = 0
    var payment = 0
    for (number, chunk) in plan.chunks.enumerated() {
      #expect(chunk.number == number)
      #expect(chunk.hours.lowerBound == hour)
      #expect(chunk.firstPayment == payment)
      #expect(chunk.paymentCount <= 4000)
      hour = chunk.hours.upperBound
      payment += chunk.paymentCount
    }
    #expect(hour == plan.demand.hourCount)
    #expect(payment == 60_000)
  }

  @Test("parameters out of range are refused with a hint")
  func refused() {
    var parameters = SimulationParameters(transactions: 5)
    #expect(throws: SimulationError.self) { try parameters.validate() }
    parameters = SimulationParameters(days: 0)
    #expect(throws: SimulationError.self) { try parameters.validate() }
  }
}
