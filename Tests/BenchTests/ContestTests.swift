import Synchronization
import Testing

@testable import payops_bench

@Suite("Contests in turns")
struct ContestTests {
  /// Turns on a machine of changing speed.
  private func contest(
    rounds: Int = 5, product: Double = 1, rival: Double? = 2,
    speed: @escaping @Sendable (Int) -> Double
  ) async throws -> (ContestResult, order: [String]) {
    let log = Mutex<[String]>([])
    func side(_ name: String, _ work: Double) -> Contest.Side {
      Contest.Side(name: name) { _ in
        let position = log.withLock { names in
          names.append(name)
          return names.count - 1
        }
        return Turn(seconds: work * speed(position), cpuSeconds: work)
      }
    }
    let result = try await Contest(
      name: "test", unit: "row", units: 1000, rounds: rounds, product: side("product", product),
      rival: rival.map { side("rival", $0) }
    ).run(progress: { _ in })
    return (result, log.withLock { $0 })
  }

  @Test("the product runs before and after the rival in every round")
  func order() async throws {
    let (_, order) = try await contest(rounds: 2) { _ in 1 }
    #expect(order == ["product", "rival", "product", "rival", "product"])
  }

  @Test("a machine that becomes slower turn by turn leaves ratio and control as they are")
  func drift() async throws {
    let (result, _) = try await contest(rounds: 6) { 1 + 0.1 * Double($0) }
    #expect(abs(result.ratio.median - 2) < 1e-9)
    // Every second round is compared in reverse order, so a drift does not bias the control.
    #expect(abs(result.control.median - 1) < 0.02)
    #expect(result.isBelievable)
  }

  @Test("a ratio is computed within its round, not between minutes")
  func withinRound() async throws {
    // The machine halves its speed within the third round: that one alone is off, the median is
    // not.
    let (result, _) = try await contest(rounds: 5) { $0 < 5 ? 1 : 2 }
    #expect(result.ratio.values.filter { abs($0 - 2) < 1e-9 }.count == 4)
    #expect(abs(result.ratio.median - 2) < 1e-9)
    #expect(result.seconds.high == 2 * result.seconds.low)
  }

  @Test("a ratio is unreliable when the two turns of the product differ")
  func unsteady() async throws {
    // Every second turn of the product takes longer: the later one of an ordinary round, the
    // earlier one of a reversed round.
    let (result, _) = try await contest(rounds: 6) { $0 % 4 == 2 ? 1.3 : 1 }
    #expect(abs(result.control.median - 1.3) < 1e-9)
    #expect(!result.isBelievable)
  }

  @Test("a ratio of fewer than five rounds is unreliable")
  func fewRounds() async throws {
    let (result, _) = try await contest(rounds: 4) { _ in 1 }
    #expect(result.control.median == 1)
    #expect(!result.isBelievable)
  }

  @Test("processor time is compared by unit of work")
  func processorTime() async throws {
    let (result, _) = try await contest(product: 0.5, rival: 0.75) { _ in 3 }
    #expect(result.cpuMicroseconds.median == 500)
    #expect(result.rivalCPUMicroseconds.median == 750)
    #expect(result.cpuRatio.median == 1.5)
  }

  @Test("a contest without a rival measures only the control")
  func controlAlone() async throws {
    let (result, order) = try await contest(rival: nil) { _ in 1 }
    #expect(order.count == 6)
    #expect(result.ratio.values.isEmpty)
    #expect(result.isBelievable)
  }
}

@Suite("Spread of measurements")
struct SpreadTests {
  @Test(
    "the median of an even number of values is the mean of the two in the middle",
    arguments: [
      ([], 0), ([3], 3), ([1, 3], 2), ([9, 1, 2], 2), ([4, 1, 3, 2], 2.5),
    ] as [([Double], Double)])
  func median(values: [Double], median: Double) {
    #expect(Spread(values: values).median == median)
  }

  @Test("the text of a spread names the range when there is more than one value")
  func text() {
    #expect(Spread(values: [1.25]).text(2) == "1.25")
    #expect(Spread(values: [1, 2, 4]).text(1) == "2.0 (1.0–4.0)")
  }
}

@Suite("Processor time")
struct MeterTests {
  @Test("processor time counts computing, not waiting")
  func counted() async throws {
    let meter = Meter(helpers: [])
    let busy = try await meter.measure { MachineSpeed.milliseconds() }.turn
    #expect(busy.cpuSeconds > 0)
    #expect(busy.seconds > 0)
    let nobody = ProcessFacts.cpuSeconds(0x7fff_fff0)
    #expect(nobody == 0)
  }
}
