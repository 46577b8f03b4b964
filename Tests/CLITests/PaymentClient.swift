import MariaDBClient
import Synchronization

/// An application that inserts and updates payments continuously.
final class PaymentClient: Sendable {
  private struct State {
    var count = 0
    var failure: DatabaseError?
    var isStopped = false
  }

  private let state = Mutex(State())
  private let lockSeconds: Int

  /// - Parameter lockSeconds: how long it waits for a lock; 0 makes every wait a failure
  init(lockSeconds: Int = 0) { self.lockSeconds = lockSeconds }

  /// How many payments it wrote.
  var count: Int { state.withLock { $0.count } }
  /// Why it stopped with an error; nil while it runs.
  var failure: DatabaseError? { state.withLock { $0.failure } }

  /// Stops it after the current payment.
  func stop() { state.withLock { $0.isStopped = true } }

  /// Writes until it is stopped or fails.
  func run(on connection: Connection) async {
    do throws(DatabaseError) {
      try await connection.execute(
        "SET SESSION innodb_lock_wait_timeout = \(lockSeconds), lock_wait_timeout = \(lockSeconds)")
      let accounts = try await connection.query(
        "SELECT account_id FROM accounts WHERE currency = 'EUR' ORDER BY account_id LIMIT 50"
      ).rows.compactMap { $0.integer("account_id") }
      let known = try await connection.query(
        "SELECT transaction_id FROM transactions WHERE transaction_time"
          + " > UTC_TIMESTAMP() - INTERVAL 60 DAY ORDER BY transaction_id"
      ).rows.compactMap { $0.integer("transaction_id") }
      var number = 0
      while !state.withLock({ $0.isStopped }) {
        number += 1
        try await connection.execute("START TRANSACTION")
        try await connection.execute(
          """
          INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
          VALUES (?, UTC_TIMESTAMP(), ?, 'EUR', 'card_payment', 'pending')
          """, [.integer(accounts[number % accounts.count]), .integer(Int64(number % 500 + 1))])
        let payment = try await connection.query("SELECT LAST_INSERT_ID() AS id").rows.first?
          .integer("id")
        try await connection.execute("COMMIT")
        try await connection.execute(
          "UPDATE transactions SET status = 'completed' WHERE transaction_id = ?",
          [.integer(payment ?? 0)])
        // An existing payment, the next one each time.
        try await connection.execute(
          "UPDATE transactions SET title = ? WHERE transaction_id = ?",
          [.text("note \(number)"), .integer(known[number * 37 % known.count])])
        state.withLock { $0.count += 1 }
      }
    } catch {
      state.withLock { $0.failure = error }
    }
  }
}
