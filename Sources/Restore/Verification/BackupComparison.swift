internal import Backup
internal import MariaDBClient
internal import Synchronization

/// Compares a restored schema with the facts of a manifest.
struct BackupComparison: Sendable {
  let manifest: BackupManifest
  let connection: Connection
  /// Whether the tables still have the names under which a restore loads them.
  var isStaged = false
  /// The tables to compare; nil for all.
  var wanted: Set<String>?

  /// Time limit of one view, seconds; a slow view proves nothing about the backup.
  private static let viewSeconds = 60.0

  /// Compares.
  ///
  /// - Parameter checks: the checks to make.
  /// - Returns: every difference.
  func run(_ checks: Set<VerificationCheck>) async throws -> [VerificationFinding] {
    var findings: [VerificationFinding] = []
    let objects = try await ObjectInventory.read(from: connection)
    if checks.contains(.characterSet) { findings += try await characterSet() }
    if checks.contains(.objects) { findings += missingObjects(objects) }
    if checks.contains(.definitions) {
      findings += changedDefinitions(objects)
      findings += earlierSequences(try await SnapshotFacts.sequences(objects, on: connection))
    }
    // Rows first: queries of views cannot change them, and prove little without them.
    if !checks.isDisjoint(with: Self.rowChecks) {
      // The inventory of a schema omits the staging tables of a restore.
      let there =
        isStaged
        ? try await stagedTables() : Set(objects.filter { $0.kind == "table" }.map(\.name))
      findings += try await rows(there, checks)
    }
    if checks.contains(.queries) {
      // A view whose rows are compared is read there: here it need only be understood.
      let read = checks.contains(.views) ? Set(manifest.views?.digests.keys.map(\.self) ?? []) : []
      findings += try await brokenObjects(objects, readLater: read)
    }
    if checks.contains(.views) { findings += try await changedViews() }
    return findings
  }

  /// The checks of the rows of tables.
  static let rowChecks: Set<VerificationCheck> = [.rows, .checksums, .history]

  /// Compares the rows of tables.
  ///
  /// - Parameters:
  ///   - there: the names of the tables in the schema.
  ///   - checks: the checks to make.
  private func rows(
    _ there: Set<String>, _ checks: Set<VerificationCheck>
  ) async throws -> [VerificationFinding] {
    let all = manifest.tables.filter { wanted?.contains($0.name) ?? true }
    let tables = all.filter { there.contains(stored($0.name)) }
    let known = Set(tables.map(\.name))
    let summed = Set(tables.filter { $0.checksum != nil }.map(\.name))
    let facts = try await SnapshotFacts.read(
      from: connection, tables: tables.map { stored($0.name) },
      checksums: .of(Set(summed.map(stored))), asOf: nil)
    var findings = changedTables(zip(tables, facts.tables), checks)
    if isStaged, tables.count < all.count {
      findings += all.filter { !there.contains(stored($0.name)) }.map {
        finding(.objects, "table \($0.name) is missing")
      }
    }
    if checks.contains(.checksums) {
      findings += try await changedRows(.checksums, known.subtracting(summed))
    }
    // The server's checksum covers only current rows.
    if checks.contains(.history) {
      findings += try await changedRows(.history, summed.filter(isVersioned))
    }
    return findings
  }

  private func stagedTables() async throws -> Set<String> {
    let rows = try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()"
    ).rows
    return Set(rows.compactMap { $0["name"] }.filter(StagingName.isOne))
  }

  /// The name of a table in the compared schema.
  private func stored(_ table: String) -> String { isStaged ? StagingName.new(table) : table }

  private func finding(_ check: VerificationCheck, _ message: String) -> VerificationFinding {
    VerificationFinding(check: check.rawValue, message: message)
  }

  private func characterSet() async throws -> [VerificationFinding] {
    let row = try await connection.query(
      "SELECT @@character_set_database AS charset, @@collation_database AS collation"
    ).rows.first
    let found = "\(row?["charset"] ?? "") \(row?["collation"] ?? "")"
    let wanted = "\(manifest.characterSet) \(manifest.collation)"
    return found == wanted
      ? [] : [finding(.characterSet, "the schema has \(found), backed up with \(wanted)")]
  }

  private func missingObjects(_ found: [BackupManifest.ObjectFacts]) -> [VerificationFinding] {
    let wanted = Set(manifest.objects.map { "\($0.kind) \($0.name)" })
    let there = Set(found.map { "\($0.kind) \($0.name)" })
    return wanted.subtracting(there).sorted().map { finding(.objects, "\($0) is missing") }
      + there.subtracting(wanted).sorted().map { finding(.objects, "\($0) was not backed up") }
  }

  private func changedDefinitions(_ found: [BackupManifest.ObjectFacts]) -> [VerificationFinding] {
    let there = Dictionary(
      found.map { ("\($0.kind) \($0.name)", $0.checksum) }, uniquingKeysWith: { first, _ in first })
    return manifest.objects.compactMap { object in
      guard let checksum = there["\(object.kind) \(object.name)"], checksum != object.checksum
      else { return nil }
      return finding(.definitions, "\(object.kind) \(object.name) is defined differently")
    }
  }

  /// Sequences that would repeat a value. They advance during the dump, so a later value is right.
  private func earlierSequences(_ found: [String: Int64]) -> [VerificationFinding] {
    manifest.sequences.sorted { $0.key < $1.key }.compactMap { name, wanted in
      guard let value = found[name], value < wanted else { return nil }
      return finding(
        .definitions, "sequence \(name) would continue at \(value), backed up at \(wanted)")
    }
  }

  private func changedTables(
    _ pairs: Zip2Sequence<[BackupManifest.TableFacts], [BackupManifest.TableFacts]>,
    _ checks: Set<VerificationCheck>
  ) -> [VerificationFinding] {
    var findings: [VerificationFinding] = []
    for (table, now) in pairs {
      if checks.contains(.rows), now.rows != table.rows {
        findings.append(
          finding(.rows, "table \(table.name) has \(now.rows) rows, backed up with \(table.rows)"))
      }
      if checks.contains(.checksums), now.checksum != table.checksum {
        findings.append(finding(.checksums, otherRows(table.name)))
      }
      if checks.contains(.checksums), now.textBytes != table.textBytes {
        findings.append(
          finding(
            .checksums, "the texts of table \(table.name) have other bytes than those backed up"))
      }
      if checks.contains(.history), now.historyRows != table.historyRows {
        findings.append(
          finding(
            .history,
            "table \(table.name) has \(now.historyRows ?? 0) rows with its history, backed up with"
              + " \(table.historyRows ?? 0)"))
      }
    }
    return findings
  }

  private func otherRows(_ table: String) -> String {
    "the rows of table \(table) are not those backed up" + manifest.lossNote(of: table)
  }

  private func isVersioned(_ table: String) -> Bool {
    manifest.tables.contains { $0.name == table && $0.historyRows != nil }
  }

  /// Dumps restored rows and compares them with the rows that were dumped.
  private func changedRows(
    _ check: VerificationCheck, _ tables: Set<String>
  ) async throws -> [VerificationFinding] {
    guard !tables.isEmpty else { return [] }
    let tool = try await ClientProgram.dump(ofMySQL: manifest.isOfMySQL)
    let digest = Mutex(RowDigest())
    let arguments =
      BackupCreation.rowArguments(
        hasHistory: manifest.tables.contains { $0.historyRows != nil }, isMySQL: manifest.isOfMySQL)
      + ["--no-create-info", "--skip-triggers", "--", connection.options.database ?? ""]
      + tables.map(stored).sorted()
    try await tool.run(arguments, options: connection.options) { piece in
      nonisolated(unsafe) let piece = piece
      digest.withLock { $0.update(piece) }
    }
    let found = digest.withLock { $0 }
    return manifest.tables.compactMap { table in
      guard tables.contains(table.name), found.digest(of: stored(table.name)) != table.rowDigest
      else { return nil }
      return finding(check, otherRows(table.name))
    }
  }

  private func brokenObjects(
    _ objects: [BackupManifest.ObjectFacts], readLater: Set<String>
  ) async throws -> [VerificationFinding] {
    var findings: [VerificationFinding] = []
    for object in objects {
      try Task.checkCancellation()
      let statement: String
      switch object.kind {
      case "view":
        statement = connection.limited(
          "SELECT * FROM \(ObjectInventory.quoted(object.name))"
            + " LIMIT \(readLater.contains(object.name) ? 0 : 1)", toSeconds: Self.viewSeconds)
      case "function", "procedure":
        // The server parses the body to answer.
        statement =
          "SELECT COUNT(*) FROM information_schema.parameters WHERE specific_schema = DATABASE()"
          + " AND specific_name = '\(object.name.replacing("'", with: "''"))'"
      default: continue
      }
      if let problem = try await problem(with: statement) {
        findings.append(
          finding(.queries, "\(object.kind) \(object.name) does not work: \(problem)"))
      }
    }
    return findings
  }

  /// The server's error for a statement; nil without one.
  private func problem(with statement: String) async throws -> String? {
    do {
      try await connection.execute(statement)
      return nil
    } catch {
      // The time limit: the view works, and is slow.
      if error.isOfStatementLimit { return nil }
      if error.isOfSurroundings { throw error }
      return error.debugDescription
    }
  }

  private func changedViews() async throws -> [VerificationFinding] {
    guard let wanted = manifest.views else { return [] }
    do {
      let found = try await PublishedViews.read(
        on: connection, asOf: wanted.asOf, wanted: Set(wanted.digests.keys))
      // If one of the two sessions could not fix its clock, views that read it prove nothing.
      let isHeld = wanted.isClockHeld == true && found?.isClockHeld == true
      let unsteady = try await UnsteadyViews.read(on: connection).names(clockIsHeld: isHeld)
      return wanted.digests.sorted { $0.key < $1.key }.compactMap { name, digest in
        found?.digests[name] == digest || unsteady.contains(name)
          ? nil : finding(.views, "view \(name) gives other rows than in the snapshot")
      }
    } catch let error as DatabaseError {
      if error.isOfSurroundings { throw error }
      return [finding(.views, "the published views cannot be queried: \(error.debugDescription)")]
    }
  }
}
