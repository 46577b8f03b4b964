import Testing

@testable import Scheduling

@Suite("Waits of the daemon")
struct BackoffTests {
  @Test(
    "the daemon waits twice as long after each failure, up to a minute",
    arguments: [(1, 1.0), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (1000, 60)])
  func backoff(failures: Int, longest: Double) {
    let waits = (0..<200).map { _ in Daemon.backoff(failures) }
    #expect(waits.allSatisfy { (longest / 2...longest).contains($0) })
    // Random, so that many daemons do not return at once.
    #expect(Set(waits).count > 100)
  }
}
