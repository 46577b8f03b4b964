import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// One run of the benchmark: a server, the parts asked for, the report.
struct BenchRun: Sendable {
  let options: BenchOptions

  /// Measures everything that was asked for.
  ///
  /// - Returns: whether everything was correct; a missed target is not a failure.
  func perform() async throws -> Bool {
    let work = WorkDirectory()
    try await work.prepare(keeps: options.keeps)
    try work.checkSpace(payments: options.sizes.reduce(0, +))
    let program = try ReleaseProgram(work: work)
    Console.progress(MachineFacts.line)
    var report = Report()
    report.add("machine", MachineFacts.json)
    let started = Date()
    let server = work.server
    do {
      let connection = try await server.start()
      try await describe(program, server, connection, started, into: &report)
      report.speed("at the start")
      try await measure(work, program, server, connection, into: &report)
      report.speed("at the end")
    } catch {
      // Earlier measurements are reported even when a part fails.
      report.failure("ended early: \(Bench.text(of: error))")
      _ = try? publish(report, started, work)
      try? await cleanUp(work)
      throw error
    }
    try await cleanUp(work)
    return try publish(report, started, work)
  }

  private func describe(
    _ program: ReleaseProgram, _ server: EmbeddedServer, _ options: ConnectionOptions,
    _ started: Date, into report: inout Report
  ) async throws {
    let connection = try await Connection.open(options)
    let settings = try await connection.ask(
      """
      SELECT variable_name AS name, variable_value AS value
      FROM information_schema.global_variables
      WHERE variable_name IN (
          'version', 'innodb_buffer_pool_size', 'innodb_log_file_size', 'tmp_memory_table_size',
          'innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'log_bin', 'sync_binlog')
      """)
    await connection.close()
    var values: [String: JSON] = [:]
    for row in settings {
      values[(row["name"] ?? "").lowercased()] = .string(row["value"] ?? "")
    }
    report.add("server", .members(values))
    report.add(
      "run",
      [
        "started_at": .string(Self.stamp(started)), "payops": .string(try await program.version()),
        "commit": .string(ProcessInfo.processInfo.environment["PAYOPS_BENCH_COMMIT"] ?? "unknown"),
        "against": try await olderVersion(program.work),
        "rounds": .integer(self.options.rounds), "turn_size": .integer(self.options.turnSize),
        "sizes": .array(self.options.sizes.map(JSON.integer)),
        "days": .integer(self.options.days),
        "parts": .array(self.options.parts.map(\.rawValue).sorted().map(JSON.string)),
      ])
  }

  private func olderVersion(_ work: WorkDirectory) async throws -> JSON {
    guard let older = options.older else { return .null }
    return .string(try await ReleaseProgram(path: older, work: work).version())
  }

  private func measure(
    _ work: WorkDirectory, _ program: ReleaseProgram, _ server: EmbeddedServer,
    _ connection: ConnectionOptions, into report: inout Report
  ) async throws {
    let schemas = options.sizes.map {
      PaymentSchema(size: $0, days: options.days, server: connection, program: program)
    }
    guard let largest = schemas.last, let pid = server.processIdentifier else { return }
    let export = { (schema: PaymentSchema) in
      RowExport(folder: work.exports.appending(path: schema.name))
    }
    let meter = Meter(helpers: [pid])
    let older = try options.older.map { path in
      try ReleaseProgram(path: path, work: work)
    }
    let turns = PaymentSchema(
      largest, name: "bench_turns", size: min(options.turnSize, largest.size))
    for schema in schemas {
      if options.parts.contains(.fill) {
        try await FillBenchmark(schema: schema).run(into: &report)
      } else if options.parts.contains(.refresh) || schema.size == largest.size {
        try await fillUnmeasured(schema)
      }
    }
    if options.parts.contains(.fill) {
      try await FillContest(
        schema: turns, export: export(turns), meter: meter, rounds: options.rounds,
        runsAllRivals: options.runsAllRivals, older: older
      ).run(into: &report)
      work.removeExports()
      report.speed("after fill")
    }
    if options.parts.contains(.views) {
      try await ViewBenchmark(schema: largest).run(into: &report)
    }
    if options.parts.contains(.duckdb) {
      try await DuckDBBenchmark(
        schema: largest, export: export(largest), work: work, meter: meter, rounds: options.rounds
      ).run(into: &report)
      work.removeExports()
      report.speed("after duckdb")
    }
    if options.parts.contains(.refresh) {
      try await RefreshBenchmark(schemas: schemas, meter: meter, older: older).run(into: &report)
      report.speed("after refresh")
    }
    if options.parts.contains(.backup) {
      try await BackupBenchmark(
        schema: turns, largest: largest, work: work, meter: meter, rounds: options.rounds
      ).run(into: &report)
      report.speed("after backup")
    }
    if options.parts.contains(.locks) {
      try await PaymentWaitBenchmark(schema: largest).run(into: &report)
    }
    if options.parts.contains(.sustained) {
      try await SustainedBenchmark(
        schema: largest, server: server, rate: options.rate, updates: options.updates,
        seconds: options.sustainedSeconds
      ).run(into: &report)
    }
  }

  /// Fills a schema unless an earlier run left it behind.
  private func fillUnmeasured(_ schema: PaymentSchema) async throws {
    if try await schema.isFilled() {
      Console.progress("\(schema.name): exists already")
      return
    }
    Console.progress("\(schema.name): deploy and generate")
    try await schema.deploy()
    _ = try await schema.generate()
  }

  /// Stops the server, also after a cancellation, and removes files that are not kept.
  private func cleanUp(_ work: WorkDirectory) async throws {
    let keeps = options.keeps
    try await Task.detached {
      work.removeExports()
      if keeps {
        try await work.server.stop()
        Console.progress("kept \(work.path(""))")
      } else {
        try await work.remove()
      }
    }.value
  }

  private func publish(_ report: Report, _ started: Date, _ work: WorkDirectory) throws -> Bool {
    let file = work.results.appending(path: "\(Self.stamp(started)).json")
      .path(percentEncoded: false)
    try report.write(to: file)
    Console.table(
      "Targets", ["", "figure", "goal", ""],
      report.targets.map { [$0.name, $0.value, $0.goal, $0.holds ? "holds" : "misses"] })
    for failure in report.failures { Console.line("WRONG: \(failure)") }
    Console.line("")
    Console.line("all figures: \(file)")
    return report.failures.isEmpty
  }

  private static func stamp(_ date: Date) -> String {
    CivilInstant(secondsSinceEpoch: Int(date.timeIntervalSince1970)).compact
  }
}
