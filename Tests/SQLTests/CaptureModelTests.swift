import Foundation
import MariaDBClient
import PayopsCore
import Testing

@Suite("Capture of changes", .timeLimit(.minutes(10)))
struct CaptureModelTests {
  /// The totals of the connections of a round.
  struct Work: Sendable {
    var statements = 0
    var rolledBack = 0
    var applied: Int64 = 0

    mutating func add(_ other: Work) {
      statements += other.statements
      rolledBack += other.rolledBack
      applied += other.applied
    }
  }

  @Test("rollups equal a recomputation after thousands of random changes from four connections")
  func randomChanges() async throws {
    // PAYOPS_TEST_SEED sets another seed; a failure shows the seed used.
    let seed = ProcessInfo.processInfo.environment["PAYOPS_TEST_SEED"].flatMap { UInt64($0) } ?? 42
    try await CaptureSchema.use { connection in
      var work = Work()
      for round in 0..<3 {
        // The second round deletes detail while it is being written.
        if round == 1 { try await CaptureLedger.keepDetail(days: 18, connection) }
        let done = try await withThrowingTaskGroup(of: Work.self) { group -> Work in
          for number in 0..<4 {
            group.addTask {
              let own = try await CaptureLedger.another(connection)
              var writer = CaptureWriter()
              try await writer.run(160, seed: seed &+ UInt64(round), number: number, on: own)
              await own.close()
              return Work(statements: writer.statements, rolledBack: writer.rolledBack)
            }
          }
          // Refreshes of small and varying size while the writers run.
          group.addTask {
            let own = try await CaptureLedger.another(connection)
            var random = SeededRandom(seed: seed, stream: "refresh", number: round)
            var applied: Int64 = 0
            for _ in 0..<25 {
              let row = try await own.query(
                "CALL refresh_rollups(?)", [.integer(Int64(random.within(1...60)))]
              ).rows.first
              applied += row?.integer("transaction_changes") ?? 0
            }
            await own.close()
            return Work(applied: applied)
          }
          var sum = Work()
          for try await part in group { sum.add(part) }
          return sum
        }
        work.add(done)
        // Pending changes are not a difference, whatever the limit left behind.
        if round == 1 {
          #expect(try await CaptureLedger.differences(connection) == [], "seed \(seed)")
        }
        try await CaptureLedger.drain(connection, limit: round == 0 ? 97 : 100_000)
        #expect(try await CaptureLedger.pending(connection) == 0)
        #expect(try await CaptureLedger.differences(connection) == [], "seed \(seed) \(round)")
        #expect(
          try await CaptureRecomputation.differences(connection) == [], "seed \(seed) \(round)")
      }
      #expect(work.statements > 3000)
      #expect(work.rolledBack > 100)
      #expect(work.applied > 500, "refreshes ran while the writers were at work")
      let kept = try await connection.query(
        """
        SELECT (SELECT COUNT(*) FROM transactions) AS t, (SELECT COUNT(*) FROM settlements) AS s,
            (SELECT COUNT(*) FROM login_activity) AS l,
            (SELECT COUNT(*) FROM routine_errors) AS e
        """
      ).rows.first
      #expect((kept?.integer("t") ?? 0) > 1000)
      #expect((kept?.integer("s") ?? 0) > 50)
      #expect((kept?.integer("l") ?? 0) > 200)
      #expect(kept?.integer("e") == 0)
    }
  }

  @Test("changes of a transaction that commits late are applied, although a watermark loses them")
  func commitsOutOfOrder() async throws {
    try await CaptureSchema.use { connection in
      let late = try await CaptureLedger.another(connection)
      try await late.execute("START TRANSACTION")
      try await CaptureLedger.addPayments(30, late)
      try await CaptureLedger.addPayments(20, connection)

      // The naive refresh: everything after the last change seen.
      try await connection.execute(
        """
        CREATE TABLE naive_seen (change_id BIGINT NOT NULL PRIMARY KEY)
        """)
      let naive = """
        INSERT INTO naive_seen SELECT change_id FROM transaction_changes
        WHERE change_id > COALESCE((SELECT MAX(change_id) FROM naive_seen), 0)
        """
      try await connection.execute(naive)
      #expect(try await CaptureLedger.pending(connection) == 20 + 2 + 1)
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureRecomputation.differences(connection) == [])

      try await late.execute("COMMIT")
      try await connection.execute(naive)
      let seen = try await connection.query("SELECT COUNT(*) AS n FROM naive_seen").rows.first
      #expect(seen?.integer("n") == 20, "the watermark has lost the 30 late changes")
      #expect(try await CaptureLedger.pending(connection) == 30 + 3 + 1)
      #expect(try await CaptureRecomputation.differences(connection) != [])
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureRecomputation.differences(connection) == [])
      #expect(try await CaptureLedger.differences(connection) == [])
      await late.close()
    }
  }

  @Test("an update that does not affect the rollups is not captured")
  func irrelevantUpdate() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(40, connection)
      try await CaptureLedger.drain(connection)
      try await connection.execute(
        "UPDATE transactions SET title = 'rent', balance_after = 5, source_status = 'ok', "
          + "counterparty_handle = 'a@b', idempotency_key = transaction_id")
      try await connection.execute("UPDATE settlements SET settlement_date = settlement_date")
      try await connection.execute("UPDATE login_activity SET device = 'phone'")
      #expect(try await CaptureLedger.pending(connection) == 0)
      try await connection.execute("UPDATE transactions SET product = 'x' WHERE transaction_id = 1")
      #expect(try await CaptureLedger.pending(connection) == 2)
    }
  }
}
