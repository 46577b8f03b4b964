import Foundation
import MariaDBClient
import Synchronization
import Tabular

/// How long an application that writes payments waits, alone and beside each piece of work.
///
/// Each payment is two statements, an INSERT and an UPDATE, in one transaction each. Before every
/// piece of work payments run alone for a while, so that a slow moment of the machine affects both.
struct PaymentWaitBenchmark: Sendable {
  /// How much longer the worst payment may take beside a piece of work, milliseconds.
  private static let allowedMilliseconds = 100.0
  /// Work that touches no table: beside it payments wait only for the disk and the processors.
  private static let control = "a file of 512 MiB, synced"
  /// The payments of a period without other work.
  private static let payments = 1000

  let schema: PaymentSchema

  /// The times of the payments of one period, milliseconds.
  private struct Stretch {
    let p99: Double
    let worst: Double
    let count: Int

    init(_ milliseconds: [Double]) {
      let sorted = milliseconds.sorted()
      count = sorted.count
      worst = sorted.last ?? 0
      p99 = sorted.isEmpty ? 0 : sorted[min(count - 1, count * 99 / 100)]
    }
  }

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    let backups = NSTemporaryDirectory() + "/payops-bench-waits-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: backups) }
    let forget =
      "DELETE FROM monitor_points; DELETE FROM monitor_tracks; DELETE FROM monitor_learned;"
      + " DELETE FROM monitor_state"
    let works: [(name: String, before: String?, arguments: [String])] = [
      (Self.control, nil, []),
      ("first tick", forget, ["monitor", "tick"]),
      (
        "later tick", "UPDATE monitor_state SET last_minute = last_minute - INTERVAL 60 MINUTE",
        ["monitor", "tick"]
      ),
      ("refresh", nil, ["refresh"]),
      ("backup", nil, ["backup", "create", "--no-verify", "--dir", backups]),
      (
        "rules",
        // For all accounts the work would take minutes, and payments would wait no differently.
        "DELETE FROM risk_pending WHERE account_id % 20 <> 0;"
          + "INSERT IGNORE INTO risk_pending SELECT account_id, MAX(activity_date) - INTERVAL 30 DAY"
          + " FROM account_day WHERE account_id % 20 = 0 GROUP BY account_id",
        ["jobs", "run", "update_risk_scores", "--now"]
      ),
      ("proof of rollups", nil, ["jobs", "run", "check_rollups", "--now"]),
      (
        "archive",
        "UPDATE settings SET setting_value = '3'"
          + " WHERE setting_name = 'archive_after_months'",
        ["jobs", "run", "archive_payments", "--now"]
      ),
      ("deployment", nil, ["deploy"]),
      (
        "trigger",
        "CREATE OR REPLACE TRIGGER transactions_after_delete_capture AFTER DELETE ON transactions"
          + " FOR EACH ROW SET @payops_bench = 1",
        ["deploy"]
      ),
    ]
    var rows: [[String]] = []
    var figures: [String: JSON] = [:]
    for (name, before, arguments) in works {
      Console.progress("waits of payments: \(name)")
      if let before {
        let connection = try await schema.connect()
        try await connection.runScript(before)
        await connection.close()
      }
      let alone = Stretch(try await write { $0 >= Self.payments })
      let isDone = Mutex(false)
      async let durations = write { _ in isDone.withLock { $0 } }
      do {
        if arguments.isEmpty {
          try await writeFile()
        } else {
          let outcome = try await schema.program.run(
            arguments, schema: schema, within: .seconds(3600))
          if name == "backup" { Self.noteLock(of: outcome.output, into: &report) }
        }
      } catch {
        report.failure("waits of payments beside \(name): \(Bench.text(of: error))")
      }
      isDone.withLock { $0 = true }
      let beside = Stretch(try await durations)
      rows.append([
        name, Figure.short(alone.p99), Figure.short(alone.worst), Figure.short(beside.p99),
        Figure.short(beside.worst), Figure.count(beside.count),
      ])
      figures[name] = [
        "alone_p99_ms": .figure(alone.p99), "alone_worst_ms": .figure(alone.worst),
        "beside_p99_ms": .figure(beside.p99), "beside_worst_ms": .figure(beside.worst),
        "payments": .integer(beside.count),
      ]
      guard name != Self.control else { continue }
      let more = beside.worst - alone.worst
      report.target(
        "worst wait of a payment beside \(name), more than alone", "\(Figure.short(more)) ms",
        goal: "100 ms", holds: more <= Self.allowedMilliseconds)
    }
    report.add("payment_waits", .members(figures))
    Console.table(
      "Payments beside the work of payops, ms",
      ["work", "alone p99", "worst", "beside p99", "worst", "payments"], rows)
  }

  /// Does the work of the control.
  private func writeFile() async throws {
    let work = schema.program.work
    let path = work.path("control.bin")
    defer { unlink(path) }
    _ = try await MeasuredProcess(
      ["/bin/dd", "if=/dev/urandom", "of=\(path)", "bs=1M", "count=512", "conv=fsync"],
      outputPath: work.path("control.out")
    ).finish(within: .seconds(600))
  }

  /// Records for how long a backup blocked writers.
  private static func noteLock(of output: String, into report: inout Report) {
    let backup = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    guard let seconds = backup?["lock_seconds"] as? Double else {
      return report.failure("a backup does not report how long it blocked writers")
    }
    report.add("backup_lock_ms", .figure(seconds * 1000))
    report.target(
      "tables locked by a backup", "\(Figure.short(seconds * 1000)) ms", goal: "<= 50 ms",
      holds: seconds <= 0.05)
  }

  /// Writes payments one after the other.
  ///
  /// - Parameter isEnough: whether to stop after this many
  /// - Returns: the time of each, milliseconds
  private func write(until isEnough: @Sendable (Int) -> Bool) async throws -> [Double] {
    let connection = try await schema.connect()
    defer { Task { await connection.close() } }
    let accounts = try await connection.ask(
      "SELECT account_id, currency FROM accounts ORDER BY account_id LIMIT 500")
    guard !accounts.isEmpty else { throw BenchError("the schema \(schema.name) has no accounts") }
    let clock = ContinuousClock()
    var milliseconds: [Double] = []
    while !isEnough(milliseconds.count) {
      try Task.checkCancellation()
      let account = accounts[milliseconds.count % accounts.count]
      let start = clock.now
      try await connection.perform(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status)
        VALUES (?, UTC_TIMESTAMP(), 10, ?, 'card_payment', 'pending')
        """, [.text(account["account_id"] ?? ""), .text(account["currency"] ?? "")])
      try await connection.perform(
        "UPDATE transactions SET status = 'completed' WHERE transaction_id = LAST_INSERT_ID()")
      milliseconds.append(Double((clock.now - start) / .microseconds(1)) / 1000)
    }
    return milliseconds
  }
}
