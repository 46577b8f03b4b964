import MariaDBClient
import PayopsCore

/// One connection that writes at random: short transactions, some rolled back, some kept open while
/// the other connections continue.
struct CaptureWriter {
  /// Statements that were run.
  private(set) var statements = 0
  /// Transactions that ended in a rollback of ours.
  private(set) var rolledBack = 0

  /// Runs a number of transactions.
  mutating func run(
    _ transactions: Int, seed: UInt64, number: Int, on connection: Connection
  ) async throws {
    var source = CaptureStatements(
      random: SeededRandom(seed: seed, stream: "writer", number: number))
    try await connection.execute("SET innodb_lock_wait_timeout = 1")
    for _ in 0..<transactions {
      var batch: [String] = []
      if source.random.chance(0.3) {
        batch.append("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
      }
      batch.append("START TRANSACTION")
      for _ in 0..<source.random.within(1...5) { batch.append(source.next()) }
      if source.random.chance(0.15) {
        for _ in 0..<2 {
          batch.append("DO SLEEP(0.002)")
          batch.append(source.insertPayments(1))
        }
      }
      let isRolledBack = source.random.chance(0.2)
      batch.append(isRolledBack ? "ROLLBACK" : "COMMIT")
      if isRolledBack { rolledBack += 1 }
      statements += try await Self.send(batch, connection)
    }
  }

  /// Sends a transaction; a deadlock, a long wait (1205; 1467 for the counter of keys, which
  /// another INSERT … SELECT holds), a record that changed meanwhile (1020, on 11.8) or a foreign
  /// key ends it.
  private static func send(_ batch: [String], _ connection: Connection) async throws -> Int {
    var sent = 0
    do {
      for statement in batch {
        try await connection.execute(statement)
        sent += 1
      }
    } catch {
      guard [1213, 1205, 1467, 1020, 1451, 1452].contains(error.errno) else { throw error }
      try await connection.execute("ROLLBACK")
    }
    return sent
  }
}
