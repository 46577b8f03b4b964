import EmbeddedServer
import Foundation
import HTTP
import Integrity
import MariaDBClient
import Monitoring
import PayopsCore
import Simulation
import Tabular

/// The demo with payments that keep coming and the dashboard to watch them.
struct DemoService: Sendable {
  /// Payments a second.
  private static let rate = 1.0

  let target: DatabaseTarget
  let address: ListeningSocket.Address
  let console: Console

  /// Serves until the task is cancelled.
  func run() async throws {
    let service = try await DashboardService(
      target: target, accountFolder: nil, address: address, report: { console.note($0) })
    try service.start()
    console.note("payments keep coming; Ctrl-C ends it; open this link, which works once:")
    if let link = try await service.signInLink() { try console.write(link + "\n") }
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await pay() }
        group.addTask { try await watch() }
        // The first failure ends both; waiting for all would hide it, since neither ends by itself.
        while try await group.next() != nil {}
      }
    } catch {
      await service.stop()
      if Task.isCancelled { return }
      throw error
    }
    await service.stop()
  }

  /// Generates payments in real time.
  private func pay() async throws {
    try await target.connect().use { connection in
      guard let history = try await connection.existingHistory() else { return }
      _ = try await LiveLoad(
        options: connection.options, parameters: history, ratePerSecond: Self.rate,
        updatesPerSecond: Self.rate / 4
      ).run(
        duration: nil,
        now: {
          let milliseconds = Int(Date().timeIntervalSince1970 * 1000)
          return (second: milliseconds / 1000, millisecond: milliseconds % 1000)
        }, progress: { _ in })
    }
  }

  /// Applies their changes every few seconds and lets the monitor judge every minute, as the
  /// scheduler would.
  private func watch() async throws {
    try await target.connect().use { connection in
      var minute = 0
      while !Task.isCancelled {
        _ = try await Rollups.refresh(connection, batch: 10_000)
        let now = Int(Date().timeIntervalSince1970) / 60
        if now > minute {
          _ = try await MonitorTick(connection).run()
          minute = now
        }
        try await Task.sleep(for: .seconds(3))
      }
    }
  }
}
