import Foundation
import TestSupport
import Testing

@testable import Monitoring

@Suite("Alerting under random failures", .timeLimit(.minutes(60)))
struct AlertSimulationTests {
  /// A number from the environment.
  private func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("no alert is open twice, no end is lost, and nothing is notified twice")
  func randomised() async throws {
    let seed = number("PAYOPS_ALERT_SEED") ?? UInt64.random(in: 0...UInt64.max)
    let steps = Int(number("PAYOPS_ALERT_STEPS") ?? 4000)
    print("alerts under random trouble: PAYOPS_ALERT_SEED=\(seed) PAYOPS_ALERT_STEPS=\(steps)")
    try await TestServer.withSchema { connection in
      var simulation = try await AlertSimulation(connection, seed: seed)
      for step in 1...steps {
        try await simulation.step()
        if step % 100 == 0 { try await simulation.checkOpen(after: step) }
      }
      #expect(simulation.raised > steps / 100 && simulation.killed > steps / 1000)
      try await simulation.calmDown()
      try await simulation.checkTold()
    }
  }
}
