import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import Tabular

/// A live load on a full history, refreshed once a second: how far the rollups lag behind.
struct SustainedBenchmark: Sendable {
  /// Signals the loops beside the load that it has ended.
  private final class Signal: Sendable {
    private let value = Mutex(false)
    var isOver: Bool { value.withLock { $0 } }
    func end() { value.withLock { $0 = true } }
  }

  private static let samplePeriod = Duration.milliseconds(250)
  private static let refreshPeriod = Duration.seconds(1)
  private static let lagLimitSeconds = 5.0
  private static let memoryLimit = 64 << 20

  /// The age of the oldest committed change that is not applied, ms: the oldest entry of each log.
  private static let lagQuery = """
    SELECT GREATEST(
        COALESCE(TIMESTAMPDIFF(MICROSECOND, (
            SELECT captured_at FROM transaction_changes ORDER BY change_id LIMIT 1
        ), UTC_TIMESTAMP(3)), 0),
        COALESCE(TIMESTAMPDIFF(MICROSECOND, (
            SELECT captured_at FROM settlement_changes ORDER BY change_id LIMIT 1
        ), UTC_TIMESTAMP(3)), 0),
        COALESCE(TIMESTAMPDIFF(MICROSECOND, (
            SELECT captured_at FROM login_changes ORDER BY change_id LIMIT 1
        ), UTC_TIMESTAMP(3)), 0)
    ) / 1000 AS lag_ms
    """

  let schema: PaymentSchema
  let server: EmbeddedServer
  let rate: Int
  let updates: Int
  let seconds: Int

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    try await schema.drain()
    let before = try await position()
    let pid = server.processIdentifier ?? 0
    let cpuBefore = ProcessFacts.cpuSeconds(pid)
    Console.progress("sustained: \(rate) payments/s and \(updates) updates/s for \(seconds) s")
    let child = try schema.program.start(
      [
        "generate", "--transactions", "\(schema.size)", "--days", "\(schema.days)", "--seed", "42",
        "--live", "\(rate)", "--updates", "\(updates)", "--duration", "\(seconds)",
      ], schema: schema)
    let signal = Signal()
    let limit = Duration.seconds(seconds + 180)
    async let refreshed = refreshEachSecond(until: signal)
    async let sampled = sampleLag(until: signal)
    let outcome: MeasuredProcess.Outcome
    do {
      outcome = try await child.finish(within: limit)
    } catch {
      signal.end()
      throw error
    }
    signal.end()
    let (refreshes, lag) = (try await refreshed, try await sampled)
    let cpu = ProcessFacts.cpuSeconds(pid) - cpuBefore
    let after = try await position()
    Console.progress("sustained: drain")
    let calls = try await schema.drain()
    try await check(from: before.day, into: &report)
    publish(
      outcome, payments: after.payments - before.payments, refreshes: refreshes, lag: lag,
      cpu: cpu, drainCalls: calls, into: &report)
  }

  /// The last payment, and the day by the server's clock.
  private func position() async throws -> (payments: Int, day: String) {
    let connection = try await schema.connect()
    let row = try await connection.ask(
      "SELECT (SELECT COUNT(*) FROM transactions) AS n, UTC_DATE() AS day"
    ).first
    await connection.close()
    return (Int(row?.integer("n") ?? 0), row?["day"] ?? "")
  }

  private func refreshEachSecond(until signal: Signal) async throws -> Sample {
    let connection = try await schema.connect()
    let clock = ContinuousClock()
    var sample = Sample()
    var next = clock.now
    while !signal.isOver {
      let start = clock.now
      _ = try await connection.ask("CALL refresh_rollups(1000000)")
      sample.add((clock.now - start).inMilliseconds)
      next = max(next + Self.refreshPeriod, clock.now)
      try await clock.sleep(until: next)
    }
    await connection.close()
    return sample
  }

  private func sampleLag(until signal: Signal) async throws -> Sample {
    let connection = try await schema.connect()
    let clock = ContinuousClock()
    var sample = Sample()
    var next = clock.now
    while !signal.isOver {
      let row = try await connection.ask(Self.lagQuery).first
      sample.add((row?.double("lag_ms") ?? 0) / 1000)
      if sample.values.count % 40 == 0 {
        Console.progress(
          "sustained: lag \(Figure.fixed(sample.values.last ?? 0, 2)) s,"
            + " maximum \(Figure.fixed(sample.maximum, 2)) s")
      }
      next = max(next + Self.samplePeriod, clock.now)
      try await clock.sleep(until: next)
    }
    await connection.close()
    return sample
  }

  /// Reconciles the changed days, and the days on which their settlements are due.
  private func check(from first: String, into report: inout Report) async throws {
    guard let day = CivilDate(first) else { throw BenchError("the server gave no date") }
    let last = CivilDate(daysSinceEpoch: day.daysSinceEpoch + 7)
    Console.progress("sustained: reconcile \(day) to \(last)")
    let found = try await schema.differences(from: "\(day)", to: "\(last)")
    report.require(found == 0, "sustained: \(found) differences from \(day) to \(last)")
  }

  private func publish(
    _ outcome: MeasuredProcess.Outcome, payments: Int, refreshes: Sample, lag: Sample,
    cpu: Double, drainCalls: Int, into report: inout Report
  ) {
    let printed = LiveFigures(output: outcome.output)
    let elapsed = printed.seconds ?? Double(seconds)
    let achieved = Double(payments) / elapsed
    let updated = printed.updates.map { Double($0) / elapsed }
    report.require(payments > 0, "sustained: the load wrote nothing")
    report.target(
      "sustained, lag of the rollups", "\(Figure.fixed(lag.maximum, 2)) s", goal: "<= 5 s",
      holds: lag.maximum <= Self.lagLimitSeconds)
    report.target(
      "sustained, payments/s", Figure.count(Int(achieved)), goal: ">= \(Figure.count(rate))",
      holds: achieved >= 0.99 * Double(rate))
    report.target(
      "sustained, updates/s", updated.map { Figure.count(Int($0)) } ?? "unknown",
      goal: ">= \(Figure.count(updates))",
      holds: (updated ?? 0) >= 0.99 * Double(updates))
    report.target(
      "sustained, peak memory of payops", "\(outcome.peakBytes >> 20) MiB", goal: "<= 64 MiB",
      holds: outcome.peakBytes <= Self.memoryLimit)
    report.add(
      "sustained",
      [
        "asked_payments_per_second": .integer(rate), "asked_updates_per_second": .integer(updates),
        "seconds": .figure(elapsed), "payments": .integer(payments),
        "payments_per_second": .figure(achieved),
        "updates_per_second": .optional(updated), "lag_s": lag.json, "refresh_ms": refreshes.json,
        "program": outcome.json, "mariadbd_cpu_seconds": .figure(cpu),
        "drain_calls": .integer(drainCalls), "size": .integer(schema.size),
      ])
    Console.table(
      "Sustained load on \(Figure.size(schema.size)) payments, \(Figure.fixed(elapsed, 0)) s",
      ["", "p50", "p95", "max"],
      [
        row("lag of the rollups, s", lag, 2), row("refresh, ms", refreshes, 0),
        ["payments/s", "", "", Figure.count(Int(achieved))],
        ["updates/s", "", "", updated.map { Figure.count(Int($0)) } ?? "unknown"],
        ["mariadbd, cores", "", "", Figure.fixed(cpu / outcome.seconds, 2)],
      ])
  }

  private func row(_ name: String, _ sample: Sample, _ decimals: Int) -> [String] {
    [
      name, Figure.fixed(sample.median, decimals), Figure.fixed(sample.p95, decimals),
      Figure.fixed(sample.maximum, decimals),
    ]
  }
}
