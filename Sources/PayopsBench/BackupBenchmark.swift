import Foundation
import MariaDBClient

/// Backups against the usual tools on the same rows: mariadb-dump through zstd, the `mariadb`
/// client, mydumper and myloader.
struct BackupBenchmark: Sendable {
  private static let memoryLimit = 64 << 20
  private static let deadline = Duration.seconds(3600)

  let schema: PaymentSchema
  let work: WorkDirectory

  private var folder: String { work.path("backup") }
  private var rivalDump: String { work.path("rival.sql.zst") }
  private var plainDump: String { work.path("rival.sql") }
  private var rivalFolder: String { work.path("mydumper") }
  private var restored: PaymentSchema { PaymentSchema(schema, name: "bench_restored") }

  /// Measures, and records what was found.
  func run(into report: inout Report) async throws {
    removeFiles()
    defer { removeFiles() }
    try await restored.drop()
    let size = Figure.size(schema.size)
    let create = try await measureCreate(size)
    let id = try backupId()
    let restore = try await measureRestore(size, id: id, into: &report)
    try await restored.drop()
    publish(size, create, restore, into: &report)
  }

  // MARK: - Create

  private struct Create {
    var ours: [MeasuredProcess.Outcome] = []
    var rival: [Double] = []
    var storedBytes = 0
    var gzipBytes = 0
  }

  private func measureCreate(_ size: String) async throws -> Create {
    var create = Create()
    for round in 1...(schema.size > 2_000_000 ? 2 : 3) {
      try await rest()
      create.rival.append(
        try await shell("rival-dump", "\(dump) | zstd -3 -q -f -o '\(rivalDump)'"))
      try await rest()
      try? FileManager.default.removeItem(atPath: folder)
      let outcome = try await schema.program.run(
        ["backup", "create", "--no-verify", "--dir", folder], schema: schema,
        within: Self.deadline)
      create.ours.append(outcome)
      Console.progress(
        "backup \(size), round \(round): create \(Figure.fixed(outcome.seconds, 1)) s,"
          + " mariadb-dump | zstd -3 \(Figure.fixed(create.rival.last ?? 0, 1)) s")
    }
    let id = try backupId()
    create.storedBytes = bytes("\(folder)/\(id)/dump.sql.zst")
    let packed = work.path("rival.sql.gz")
    _ = try await shell("gzip", "zstd -dcq '\(rivalDump)' | gzip -6 > '\(packed)'")
    create.gzipBytes = bytes(packed)
    unlink(packed)
    return create
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

  private struct Restore {
    var ours: MeasuredProcess.Outcome?
    var client = 0.0
    var myloader = 0.0
  }

  private func measureRestore(_ size: String, id: String, into report: inout Report) async throws
    -> Restore
  {
    var restore = Restore()
    try await fresh()
    let outcome = try await schema.program.run(
      ["restore", id, "--as", restored.name, "--dir", folder], schema: schema,
      within: Self.deadline)
    restore.ours = outcome
    Console.progress("backup \(size): restore \(Figure.fixed(outcome.seconds, 1)) s")
    try await check("payops restore", into: &report)

    _ = try await shell("unpack", "zstd -dcq '\(rivalDump)' > '\(plainDump)'")
    try await fresh(makes: true)
    restore.client = try await shell(
      "client",
      "mariadb --defaults-file='\(work.path("empty.cnf"))' --socket='\(socket)'"
        + " \(restored.name) < '\(plainDump)'")
    Console.progress("backup \(size): mariadb < dump.sql \(Figure.fixed(restore.client, 1)) s")
    try await check("mariadb < dump.sql", into: &report)
    unlink(plainDump)

    // Its loader cannot bring back views that call functions, so it gets the tables alone.
    _ = try await shell(
      "mydumper",
      "mydumper --socket='\(socket)' --database=\(schema.name) --threads=2 --no-views"
        + " --outputdir='\(rivalFolder)'")
    try await fresh()
    restore.myloader = try await shell(
      "myloader",
      "myloader --socket='\(socket)' --database=\(restored.name) --threads=2"
        + " --directory='\(rivalFolder)'")
    Console.progress("backup \(size): myloader -t 2 \(Figure.fixed(restore.myloader, 1)) s")
    try await check("myloader", into: &report)
    return restore
  }

  /// Drops what was restored before, and lets the server come to rest.
  private func fresh(makes: Bool = false) async throws {
    try await restored.drop()
    if makes {
      var options = schema.options
      options.database = nil
      let connection = try await Connection.open(options)
      try await connection.perform("CREATE DATABASE \(restored.name) \(TextDefaults.clause)")
      await connection.close()
    }
    try await rest()
  }

  private func rest() async throws {
    let connection = try await schema.connect()
    try await ServerRest.wait(connection)
    await connection.close()
  }

  private func check(_ way: String, into report: inout Report) async throws {
    let found = try await restored.rowCounts()
    let wanted = try await schema.rowCounts()
    report.require(found == wanted, "\(way) brought back \(found), not \(wanted)")
  }

  // MARK: - Running and reporting

  /// Runs a command of the shell.
  ///
  /// - Returns: seconds.
  private func shell(_ name: String, _ command: String) async throws -> Double {
    try await MeasuredProcess(
      ["/bin/bash", "-o", "pipefail", "-c", command], outputPath: work.path("\(name).out")
    ).finish(within: Self.deadline).seconds
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

  private func publish(
    _ size: String, _ create: Create, _ restore: Restore, into report: inout Report
  ) {
    guard let ours = restore.ours, let made = create.ours.map(\.seconds).min(),
      let rival = create.rival.min()
    else { return }
    let peak = (create.ours.map(\.peakBytes) + [ours.peakBytes]).max() ?? 0
    let ratio = made / rival
    let fromClient = restore.client / ours.seconds
    let fromLoader = restore.myloader / ours.seconds
    report.add(
      "backup",
      [
        "create": .array(create.ours.map(\.json)),
        "rival_create_seconds": .array(create.rival.map(JSONValue.number)),
        "create_ratio": .number(ratio), "stored_bytes": .integer(create.storedBytes),
        "gzip_bytes": .integer(create.gzipBytes), "restore": ours.json,
        "client_restore_seconds": .number(restore.client),
        "myloader_seconds": .number(restore.myloader), "client_ratio": .number(fromClient),
        "myloader_ratio": .number(fromLoader),
      ])
    report.target(
      "backup create \(size), time to mariadb-dump | zstd -3", Figure.fixed(ratio, 2),
      goal: "<= 1.15", holds: ratio <= 1.15)
    report.target(
      "backup \(size), size to gzip -6",
      Figure.fixed(Double(create.storedBytes) / Double(max(1, create.gzipBytes)), 2),
      goal: "< 1.00", holds: create.storedBytes < create.gzipBytes)
    report.target(
      "restore \(size), times faster than myloader -t 2", Figure.fixed(fromLoader, 2),
      goal: ">= 1.70", holds: fromLoader >= 1.7)
    report.target(
      "restore \(size), times faster than mariadb < dump.sql", Figure.fixed(fromClient, 2),
      goal: ">= 2.50", holds: fromClient >= 2.5)
    report.target(
      "backup \(size), peak memory of payops", "\(peak >> 20) MiB", goal: "<= 64 MiB",
      holds: peak <= Self.memoryLimit)
    Console.table(
      "Backup and restore of \(size) payments",
      ["way", "s"],
      [
        ["payops backup create --no-verify", Figure.fixed(made, 1)],
        ["mariadb-dump | zstd -3", Figure.fixed(rival, 1)],
        ["payops restore", Figure.fixed(ours.seconds, 1)],
        ["myloader -t 2", Figure.fixed(restore.myloader, 1)],
        ["mariadb < dump.sql", Figure.fixed(restore.client, 1)],
      ])
  }
}
