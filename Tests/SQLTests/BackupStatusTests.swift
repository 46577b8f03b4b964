internal import MariaDBClient
internal import TestSupport
internal import Testing

@Suite("Status of the backups", .timeLimit(.minutes(5)))
struct BackupStatusTests {
  private static let now = "2026-11-18 12:00:00"

  /// A row of `backups` whose instants follow from its state.
  private struct Backup {
    let sequence: Int
    let createdAt: String
    let state: String
    var storedBytes = 100
    var restoreSeconds: Double?
    var isPinned = false
    var nextDeletionAt: String?
  }

  private static func insert(_ backups: [Backup], on connection: Connection) async throws {
    for backup in backups {
      try await connection.execute(
        """
        INSERT INTO backups (
            backup_id, backup_sequence, schema_name, folder, state, dump_seconds, restore_seconds,
            raw_bytes, stored_bytes, is_encrypted, is_pinned, created_at, verified_at,
            next_deletion_at, deleted_at
        ) VALUES (?, ?, 'shop', '/backups', ?, 12.5, ?, ?, ?, 0, ?, ?, ?, ?, ?)
        """,
        [
          .text("b\(backup.sequence)"), .integer(Int64(backup.sequence)), .text(backup.state),
          backup.restoreSeconds.map { .text("\($0)") } ?? .null,
          .integer(Int64(backup.storedBytes * 10)), .integer(Int64(backup.storedBytes)),
          .integer(backup.isPinned ? 1 : 0), .text(backup.createdAt),
          backup.state == "verified" ? .text(backup.createdAt) : .null,
          backup.nextDeletionAt.map { .text($0) } ?? .null,
          backup.state == "deleted" ? .text(now) : .null,
        ])
    }
  }

  private static func withBackups(
    _ backups: [Backup], _ body: (Connection) async throws -> Void
  ) async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(now)'")
      try await insert(backups, on: connection)
      try await body(connection)
    }
  }

  /// The rows of the view, their columns joined.
  private static func status(_ columns: String, _ connection: Connection) async throws -> [String] {
    try await connection.query("SELECT \(columns) FROM ops_backup_status").rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: "|")
    }
  }

  private static let newest =
    "newest_backup_id, newest_backup_at, newest_verified_id, newest_verified_at, "
    + "verified_age_seconds, rpo_seconds, rto_seconds, stored_bytes, raw_bytes, "
    + "previous_mean_bytes, stored_bytes_trend"
  private static let counts =
    "backup_count, verified_count, unverified_count, failed_count, pinned_count"
  private static let next = "next_deletion_at, next_deletion_id"

  @Test("the backup status is one row even without a backup")
  func empty() async throws {
    try await Self.withBackups([]) { connection in
      #expect(
        try await Self.status("\(Self.newest), \(Self.counts), \(Self.next)", connection) == [
          "NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|0|0|0|0|0|NULL|NULL"
        ])
      try await Self.insert(
        [Backup(sequence: 1, createdAt: "2026-11-17 03:00:00", state: "deleted")], on: connection)
      #expect(
        try await Self.status("newest_backup_id, \(Self.counts)", connection) == ["NULL|0|0|0|0|0"])
    }
  }

  @Test("a backup counts for recovery only once it is verified")
  func onlyUnverified() async throws {
    try await Self.withBackups([
      Backup(sequence: 1, createdAt: "2026-11-17 03:00:00", state: "unverified"),
      Backup(sequence: 2, createdAt: "2026-11-18 03:00:00", state: "unverified", isPinned: true),
    ]) { connection in
      let status = try await Self.status("\(Self.newest), \(Self.counts)", connection)
      #expect(
        status == [
          "b2|2026-11-18 03:00:00|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|2|0|2|0|1"
        ])
    }
  }

  @Test("the newest verified backup gives the RPO and the RTO, and deleted ones do not count")
  func everyState() async throws {
    try await Self.withBackups([
      Backup(
        sequence: 1, createdAt: "2026-11-10 03:00:00", state: "deleted", isPinned: true,
        nextDeletionAt: "2026-11-17 03:00:00"),
      Backup(
        sequence: 2, createdAt: "2026-11-15 03:00:00", state: "verified", storedBytes: 80,
        restoreSeconds: 20, nextDeletionAt: "2026-11-22 03:00:00"),
      Backup(
        sequence: 3, createdAt: "2026-11-16 03:00:00", state: "verified", storedBytes: 100,
        restoreSeconds: 31.25, isPinned: true),
      Backup(
        sequence: 4, createdAt: "2026-11-17 03:00:00", state: "failed", storedBytes: 7,
        restoreSeconds: 9, nextDeletionAt: "2026-11-24 03:00:00"),
      Backup(
        sequence: 5, createdAt: "2026-11-18 03:00:00", state: "unverified", storedBytes: 8,
        nextDeletionAt: "2026-11-22 03:00:00"),
      Backup(
        sequence: 6, createdAt: "2026-11-18 04:00:00", state: "deleted",
        nextDeletionAt: "2026-11-18 03:00:00"),
    ]) { connection in
      let status = try await Self.status(
        "\(Self.newest), \(Self.counts), \(Self.next)", connection)
      #expect(
        status == [
          "b5|2026-11-18 03:00:00|b3|2026-11-16 03:00:00|205200|205200|31.250|100|1000|80.0|1.250000"
            + "|4|2|1|1|1|2026-11-22 03:00:00|b2"
        ])
    }
  }

  @Test("the size trend compares with the mean of the seven verified backups before")
  func trend() async throws {
    try await Self.withBackups(
      (1...9).map {
        Backup(sequence: $0, createdAt: "2026-11-0\($0) 03:00:00", state: "unverified")
      }
    ) { connection in
      let verify = "UPDATE backups SET state = 'verified', verified_at = created_at"
      for (statement, expected) in [
        ("\(verify) WHERE backup_id = 'b9'", "100|NULL|NULL"),
        ("\(verify), stored_bytes = 0 WHERE backup_id = 'b1'", "100|0.0|NULL"),
        ("\(verify), stored_bytes = 31 WHERE backup_id = 'b2'", "100|15.5|6.451613"),
        // Of eight before it, the first is left out.
        (
          "\(verify), stored_bytes = backup_sequence * 10 WHERE backup_sequence < 9",
          "100|50.0|2.000000"
        ),
        ("UPDATE backups SET state = 'failed' WHERE backup_id = 'b8'", "100|40.0|2.500000"),
      ] {
        try await connection.execute(statement)
        let trend = try await Self.status(
          "stored_bytes, previous_mean_bytes, stored_bytes_trend", connection)
        #expect(trend == [expected], "\(statement)")
      }
    }
  }

  @Test("the order of creation decides when the clock jumped back")
  func clockJumpedBack() async throws {
    try await Self.withBackups([
      Backup(
        sequence: 7, createdAt: "2026-11-18 18:00:00", state: "verified", storedBytes: 50,
        restoreSeconds: 40)
    ]) { connection in
      let columns =
        "newest_backup_id, newest_verified_id, verified_age_seconds, rpo_seconds, rto_seconds, "
        + "stored_bytes_trend"
      // A snapshot ahead of the clock: no loss is known.
      #expect(try await Self.status(columns, connection) == ["b7|b7|-21600|0|40.000|NULL"])
      try await Self.insert(
        [
          Backup(
            sequence: 8, createdAt: "2026-11-18 11:00:00", state: "verified", storedBytes: 100,
            restoreSeconds: 30)
        ], on: connection)
      #expect(try await Self.status(columns, connection) == ["b8|b8|3600|3600|30.000|2.000000"])
    }
  }

  @Test("archived logs lower the RPO, unless one is missing or no backup precedes them")
  func logs() async throws {
    try await Self.withBackups([]) { connection in
      let columns =
        "archived_log, archived_position, archived_event_at, archive_reached_at,"
        + " missing_log_count, rpo_seconds, log_rpo_seconds"
      #expect(
        try await Self.status(columns, connection) == ["NULL|NULL|NULL|NULL|NULL|NULL|NULL"])
      try await connection.execute(
        """
        INSERT INTO log_archives (folder, log_base, log_name, log_position, missing_count,
            event_at, reached_at)
        VALUES ('/old', 'binlog', 'binlog.000900', 4, 7, NULL, '2026-11-18 11:00:00'),
            ('/backups', 'binlog', 'binlog.000012', 4711, 0, '2026-11-18 11:58:00',
                '2026-11-18 11:59:30')
        """)
      let archived = "binlog.000012|4711|2026-11-18 11:58:00|2026-11-18 11:59:30"
      #expect(
        try await Self.status(columns, connection) == ["\(archived)|0|NULL|NULL"],
        "no backup to begin from")
      try await Self.insert(
        [Backup(sequence: 1, createdAt: "2026-11-18 03:00:00", state: "verified")],
        on: connection)
      for (assignment, expected) in [
        ("missing_count = 0", "0|32400|30"), ("missing_count = 2", "2|32400|NULL"),
        ("missing_count = 0", "0|32400|30"),
      ] {
        try await connection.execute(
          "UPDATE log_archives SET \(assignment) WHERE folder = '/backups'")
        #expect(try await Self.status(columns, connection) == ["\(archived)|\(expected)"])
      }
      // An archive that is no longer extended is worth no more than the backup.
      for (reached, expected) in [
        ("2026-11-17 12:00:00", "32400|32400"), ("2026-11-18 12:00:05", "32400|0"),
      ] {
        try await connection.execute("DELETE FROM log_archives WHERE folder = '/old'")
        try await connection.execute("UPDATE log_archives SET reached_at = '\(reached)'")
        #expect(
          try await Self.status("rpo_seconds, log_rpo_seconds", connection) == [expected])
      }
      for assignment in ["log_position = -1", "missing_count = -1"] {
        let error = await #expect(throws: DatabaseError.self, "\(assignment)") {
          try await connection.execute("UPDATE log_archives SET \(assignment)")
        }
        #expect(error?.code == .constraintViolated)
      }
    }
  }

  @Test("a contradictory backup row is refused")
  func refusals() async throws {
    try await Self.withBackups([
      Backup(sequence: 1, createdAt: "2026-11-17 03:00:00", state: "unverified")
    ]) { connection in
      for assignment in [
        "state = 'lost'", "state = 'verified'", "state = 'deleted'", "deleted_at = created_at",
        "backup_sequence = -1", "dump_seconds = -1", "restore_seconds = -1", "raw_bytes = -1",
        "stored_bytes = -1", "is_encrypted = 2", "is_pinned = 2",
      ] {
        let error = await #expect(throws: DatabaseError.self, "\(assignment)") {
          try await connection.execute("UPDATE backups SET \(assignment)")
        }
        #expect(error?.code == .constraintViolated, "\(assignment)")
      }
    }
  }
}
