import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

extension QuarantineTests {
  @Test(
    "random concurrent streams with invalid changes and kills apply every valid row",
    .onMariaDB("rows with days like 0000-00-00 are from versions that never ran on MySQL"))
  func randomStreams() async throws {
    let seed = ProcessInfo.processInfo.environment["PAYOPS_TEST_SEED"].flatMap { UInt64($0) } ?? 7
    try await unbounded { connection in
      for round in 0..<2 {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<3 {
            group.addTask {
              let own = try await CaptureLedger.another(connection)
              var writer = CaptureWriter()
              try await writer.run(60, seed: seed &+ UInt64(round), number: number, on: own)
              await own.close()
            }
          }
          group.addTask {
            let own = try await CaptureLedger.another(connection)
            var random = SeededRandom(seed: seed, stream: "poison", number: round)
            for _ in 0..<40 {
              let change = [
                "transaction_time = '9999-12-31'", "transaction_time = '9999-12-31 23:00:00'",
                "base_amount = 900000000000000", "transaction_time = '2026-11-12'",
                "transaction_amount = 12.5",
              ][random.below(5)]
              let first = random.within(1...300)
              let statement =
                random.chance(0.3)
                ? Self.late[random.below(2)]
                : "UPDATE transactions SET \(change) WHERE transaction_id BETWEEN \(first) AND \(first + 3)"
              do { try await own.execute(statement) } catch let error as DatabaseError {
                guard [1213, 1205, 1020].contains(error.errno) else { throw error }
              }
            }
            await own.close()
          }
          group.addTask {
            var random = SeededRandom(seed: seed, stream: "refresh", number: round)
            for turn in 0..<12 {
              let own = try await CaptureLedger.another(connection)
              let id = try await own.query("SELECT CONNECTION_ID() AS n").rows.first?.integer("n")
              let limit = Int64(random.within(5...200))
              async let refreshed: Bool = {
                do {
                  _ = try await own.query("CALL refresh_rollups(?)", [.integer(limit)])
                  return true
                } catch { return false }
              }()
              // At any position: before, in the middle or after.
              if turn % 3 == 0 {
                try await connection.execute("DO SLEEP(0.0\(random.below(9)))")
                _ = try? await connection.execute("KILL CONNECTION \(id ?? 0)")
              }
              _ = await refreshed
              await own.close()
            }
          }
          try await group.waitForAll()
        }
        #expect(try await differences(connection) == [], "seed \(seed) \(round)")
        try await CaptureLedger.drain(connection, limit: round == 0 ? 50 : 100_000)
        #expect(try await CaptureLedger.pending(connection) == 0)
        #expect(try await differences(connection) == [], "seed \(seed) \(round)")
        // Every valid row is in the rollups.
        let good = """
          SELECT COUNT(*) FROM transactions
          WHERE DAY(transaction_time) BETWEEN 1 AND DAY(LAST_DAY(transaction_time))
              AND transaction_time BETWEEN '1000-01-01' AND '5000-01-01'
              AND COALESCE(base_amount, 0) < 100000000000000
          """
        let counted = try await number(
          "SELECT SUM(total_count) FROM metric_day WHERE dimension = 'all'", connection)
        let large = try await number(
          """
          SELECT COUNT(*) FROM transactions WHERE base_amount >= 100000000000000
              AND transaction_time BETWEEN '1000-01-01' AND '5000-01-01'
              AND MONTH(transaction_time) > 0
          """, connection)
        let aside = try await number(
          """
          SELECT COALESCE(SUM(change_sign), 0) FROM change_quarantine
          WHERE reason = 'amount_above_bound' AND transaction_time < '5000-01-01'
          """, connection)
        let expected = try #require(await number(good, connection))
        #expect(counted == expected + (large ?? 0) - (aside ?? 0), "seed \(seed) \(round)")
      }
      #expect(try await quarantined(connection) ?? 0 > 0)
      // The repair: wrong rows are corrected or deleted.
      try await connection.execute(
        "UPDATE transactions SET base_amount = 1 WHERE base_amount > 1e13")
      try await connection.execute(
        "UPDATE transactions SET transaction_time = '2026-11-12' WHERE title = 'poison'"
          + " OR transaction_time > '9000-01-01' OR MONTH(transaction_time) = 0")
      try await connection.execute(
        "DELETE FROM login_activity WHERE login_time < '2000-01-01' OR login_time > '2999-01-01'")
      try await CaptureLedger.drain(connection)
      _ = try await connection.query("CALL retry_quarantined_changes(NULL)")
      #expect(try await quarantined(connection) == 0)
      #expect(try await openAlerts(connection) == 0)
      #expect(try await differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }
}
