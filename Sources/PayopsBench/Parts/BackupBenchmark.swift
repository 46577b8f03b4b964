import Foundation
import MariaDBClient
import Tabular

/// Backups against the usual tools on the same rows: mariadb-dump through zstd, the `mariadb`
/// client, mydumper and myloader.
struct BackupBenchmark: Sendable {
  private static let memoryLimit = 64 << 20
  private static let deadline = Duration.seconds(3600)

  /// A schema of the size that is saved and restored in turns; this part creates it.
  let schema: PaymentSchema
  /// The largest history, saved once for the peak of memory.
  let largest: PaymentSchema
  let work: WorkDirectory
  let meter: Meter
  let rounds: Int

  private var folder: String { work.path("backup") }
  private var rivalDump: String { work.path("rival.sql.zst") }
  private var plainDump: String { work.path("rival.sql") }
  private var rivalFolder: String { work.path("mydumper") }
  private var restored: PaymentSchema { PaymentSchema(schema, name: "bench_restored") }

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    removeFiles()
    defer { removeFiles() }
    try await restored.drop()
    Console.progress("backup: a history of \(Figure.size(schema.size))")
    try await schema.deploy()
    _ = try await schema.generate()
    let rows = try await schema.rowCounts()
    try await measureCreate(rows, into: &report)
    // In a small history nearly everything is definitions, and a turn takes ten seconds.
    if schema.size >= Contest.targetSize {
      try await measureRestore(rows, id: try backupId(), into: &report)
    }
    try await restored.drop()
    try await schema.drop()
    try await measureLargest(into: &report)
  }

  // MARK: - Create

  private func measureCreate(_ rows: RowCounts, into report: inout Report) async throws {
    let size = Figure.size(schema.size)
    let command = dump
    let result = try await Contest(
      name: "backup create \(size)", unit: "row", units: rows.total, rounds: rounds,
      product: Contest.Side(name: "payops backup create --no-verify") { _ in
        try await schema.rest()
        try? FileManager.default.removeItem(atPath: folder)
        return try await meter.measure { _ = try await create(schema) }.turn
      },
      rival: Contest.Side(name: "mariadb-dump | zstd -3") { _ in
        try await schema.rest()
        return try await meter.measure {
          try await shell("rival-dump", "\(command) | zstd -3 -q -f -o '\(rivalDump)'")
        }.turn
      }
    ).run()
    report.contest(result, key: "backup")
    let stored = bytes("\(folder)/\(try backupId())/dump.sql.zst")
    let packed = work.path("rival.sql.gz")
    try await shell("gzip", "zstd -dcq '\(rivalDump)' | gzip -6 > '\(packed)'")
    let gzip = bytes(packed)
    unlink(packed)
    report.add(
      "backup_size",
      [
        "payments": .integer(schema.size), "stored_bytes": .integer(stored),
        "gzip_bytes": .integer(gzip),
      ])
    if schema.size >= Contest.targetSize {
      report.target(
        "backup create \(size), mariadb-dump | zstd -3 / ours", result.ratio.text(2),
        goal: ">= 0.87", holds: result.ratio.median >= 0.87)
    }
    report.target(
      "backup \(size), size to gzip -6",
      Figure.fixed(Double(stored) / Double(max(1, gzip)), 2), goal: "< 1.00", holds: stored < gzip)
  }

  private func create(_ schema: PaymentSchema) async throws -> MeasuredProcess.Outcome {
    try await schema.program.run(
      ["backup", "create", "--no-verify", "--dir", folder], schema: schema, within: Self.deadline)
  }

  /// The same contents as ours.
  private var dump: String {
    "mariadb-dump --defaults-file='\(work.path("empty.cnf"))' --socket='\(socket)'"
      + " --single-transaction --quick --routines --events --triggers --hex-blob"
      + " --default-character-set=utf8mb4 \(schema.name)"
  }

  private var socket: String { schema.options.socket ?? "" }

  private func backupId() throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    guard let name = names.first(where: { !$0.hasPrefix(".") }) else {
      throw BenchError("no backup was published in \(folder)")
    }
    return name
  }

  // MARK: - Restore

  private func measureRestore(
    _ rows: RowCounts, id: String, into report: inout Report
  ) async throws {
    let size = Figure.size(schema.size)
    try await shell("unpack", "zstd -dcq '\(rivalDump)' > '\(plainDump)'")
    // Its loader cannot bring back views that call functions, so it gets the tables alone.
    try await shell(
      "mydumper",
      "mydumper --socket='\(socket)' --database=\(schema.name) --threads=2 --no-views"
        + " --outputdir='\(rivalFolder)'")
    let product = Contest.Side(name: "payops restore") { _ in
      try await fresh()
      let turn = try await meter.measure { _ = try await restore(id, of: schema) }.turn
      try await check("payops restore", rows)
      return turn
    }
    let client =
      "mariadb --defaults-file='\(work.path("empty.cnf"))' --socket='\(socket)'"
      + " \(restored.name) < '\(plainDump)'"
    let loader =
      "myloader --socket='\(socket)' --database=\(restored.name) --threads=2"
      + " --directory='\(rivalFolder)'"
    for (name, command, goal) in [
      ("myloader -t 2, tables only", loader, 1.7), ("mariadb < dump.sql", client, 2.5),
    ] {
      let result = try await Contest(
        name: "restore \(size), \(name)", unit: "row", units: rows.total, rounds: rounds,
        product: product,
        rival: Contest.Side(name: name) { _ in
          try await fresh(makes: command == client)
          let turn = try await meter.measure { try await shell("rival-restore", command) }.turn
          try await check(name, rows)
          return turn
        }
      ).run()
      report.contest(result, key: "backup")
      report.target(
        "restore \(size), times faster than \(name)", result.ratio.text(2),
        goal: ">= \(Figure.fixed(goal, 2))", holds: result.ratio.median >= goal)
    }
  }

  private func restore(
    _ id: String, of schema: PaymentSchema
  ) async throws -> MeasuredProcess.Outcome {
    try await schema.program.run(
      ["restore", id, "--as", restored.name, "--dir", folder], schema: schema,
      within: Self.deadline)
  }

  // MARK: - The largest history

  /// Saves and restores the largest history once: its time has no rival, its memory a limit.
  private func measureLargest(into report: inout Report) async throws {
    let size = Figure.size(largest.size)
    try? FileManager.default.removeItem(atPath: folder)
    try await largest.rest()
    let made = try await create(largest)
    try await fresh()
    let back = try await restore(try backupId(), of: largest)
    try await check("payops restore", try await largest.rowCounts())
    try await restored.drop()
    let peak = max(made.peakBytes, back.peakBytes)
    report.add(
      "backup_\(size.lowercased())", ["create": made.json, "restore": back.json])
    report.target(
      "backup \(size), peak memory of payops", "\(peak >> 20) MiB", goal: "<= 64 MiB",
      holds: peak <= Self.memoryLimit)
    Console.table(
      "Backup and restore of \(size) payments, once",
      ["way", "s"],
      [
        ["payops backup create --no-verify", Figure.fixed(made.seconds, 1)],
        ["payops restore", Figure.fixed(back.seconds, 1)],
      ])
  }

  /// Drops what was restored before, and lets the server finish its work.
  private func fresh(makes: Bool = false) async throws {
    try await restored.drop()
    if makes {
      var options = schema.options
      options.database = nil
      let connection = try await Connection.open(options)
      try await connection.perform("CREATE DATABASE \(restored.name) \(TextDefaults.clause)")
      await connection.close()
    }
    try await schema.rest()
  }

  private func check(_ way: String, _ wanted: RowCounts) async throws {
    let found = try await restored.rowCounts()
    guard found == wanted else { throw BenchError("\(way) brought back \(found), not \(wanted)") }
  }

  // MARK: - Running

  /// Runs a command of the shell.
  private func shell(_ name: String, _ command: String) async throws {
    _ = try await MeasuredProcess(
      ["/bin/bash", "-o", "pipefail", "-c", command], outputPath: work.path("\(name).out")
    ).finish(within: Self.deadline)
  }

  private func bytes(_ path: String) -> Int {
    var info = stat()
    return stat(path, &info) == 0 ? Int(info.st_size) : 0
  }

  private func removeFiles() {
    for path in [folder, rivalDump, plainDump, rivalFolder] {
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
