import MariaDBClient
import TestSupport

/// A ledger of a few accounts with payments between them.
struct LedgerFixture: Sendable {
  /// The answer to a payment.
  struct Answer: Sendable, Equatable {
    let transactionId: Int64
    let status: String
    let reason: String?
  }

  /// A transfer that a client requests.
  struct Transfer: Sendable {
    let key: String
    let from: Int
    let to: Int
    let amount: Int
  }

  static let accounts = 10
  static let openingBalance = 1000
  static let integrityViews = [
    "integrity_ledger_balances", "integrity_ledger_postings", "integrity_posted_settlements",
    "integrity_payment_paths", "integrity_payment_holds", "integrity_clearing_balances",
  ]

  /// Every table that posting procedures write, except the error log, which survives a rollback.
  private static let tables = [
    "transactions", "settlements", "account_ledgers", "payment_requests", "ledger_entries",
    "payment_holds", "payment_refunds", "balance_adjustments", "account_status_changes",
    "settlement_batches", "settlement_batch_items", "accounts", "transaction_changes",
    "settlement_changes",
  ]

  /// The number of results of each procedure.
  private static let results = [
    "authorize_payment": 3, "capture_payment": 2, "void_payment": 2, "reverse_payment": 2,
    "refund_payment": 3, "settle_batch": 2, "adjust_balance": 2, "expire_payments": 1,
    "block_account": 2, "unblock_account": 2, "close_account": 2, "check_integrity": 1,
    "post_payment": 3,
  ]

  /// The connection options, with the schema.
  let options: ConnectionOptions

  /// Opens accounts 1 to 10 with 1,000 euros each in a deployed schema.
  static func open(on connection: Connection) async throws -> LedgerFixture {
    try await connection.execute(
      """
      INSERT INTO customers (customer_id, name, country, account_open_date)
      VALUES (1, 'one', 'DE', '2020-01-01')
      """)
    try await connection.execute(
      """
      INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at)
      SELECT seq, 1, 'personal', 'EUR', \(openingBalance), '2020-01-01' FROM \(numbers(1...accounts)) AS n
      """)
    var options = connection.options
    options.database = try await connection.query("SELECT DATABASE() AS name").rows.first?["name"]
    return LedgerFixture(options: options)
  }

  /// Posts a transfer between two accounts.
  @discardableResult
  static func post(
    _ transfer: Transfer, type: String = "transfer", on connection: Connection
  ) async throws -> Answer {
    try await post(
      "'\(transfer.key)', \(transfer.from), \(transfer.to), \(transfer.amount), 'EUR', '\(type)', NULL",
      on: connection)
  }

  /// Posts with arguments as SQL.
  @discardableResult
  static func post(_ arguments: String, on connection: Connection) async throws -> Answer {
    try await connection.execute("CALL post_payment(\(arguments), @id, @status, @reason)")
    let row = try await connection.query("SELECT @id AS id, @status AS status, @reason AS reason")
      .rows.first
    return Answer(
      transactionId: row?.integer("id") ?? 0, status: row?["status"] ?? "", reason: row?["reason"])
  }

  /// Calls a procedure and gives its results as texts, `-` for NULL.
  static func call(
    _ procedure: String, _ arguments: String, on connection: Connection
  ) async throws -> [String] {
    let names = (0..<results[procedure, default: 0]).map { "@result_\($0)" }
    let all = (arguments.isEmpty ? [] : [arguments]) + names
    try await connection.execute("CALL \(procedure)(\(all.joined(separator: ", ")))")
    let columns = names.map { "COALESCE(\($0), '-')" }.joined(separator: ", ")
    let row = try await connection.query("SELECT \(columns)").rows.first
    return names.indices.map { row?.text(at: $0) ?? "" }
  }

  /// The first column of a query.
  static func texts(_ sql: String, on connection: Connection) async throws -> [String] {
    try await connection.query(sql).rows.map { $0.text(at: 0) ?? "-" }
  }

  /// All rows of all tables that posting procedures write.
  static func everything(on connection: Connection) async throws -> [String] {
    var found: [String] = []
    for table in tables {
      found += try await connection.query("SELECT * FROM \(table) ORDER BY 1").rows
        .map { "\(table): \($0.values)" }
    }
    return found
  }

  /// The number that a query returns.
  static func number(_ sql: String, on connection: Connection) async throws -> Int64 {
    try await connection.query("SELECT CAST((\(sql)) AS SIGNED) AS n").rows.first?.integer("n")
      ?? -1
  }

  /// Rows of the integrity views.
  static func damage(on connection: Connection) async throws -> [String] {
    var found: [String] = []
    for view in integrityViews {
      let rows = try await connection.query("SELECT * FROM \(view)").rows
      found += rows.map { "\(view): \($0.values)" }
    }
    return found
  }

  /// The money of all accounts.
  static func total(on connection: Connection) async throws -> Int64 {
    try await number("SELECT SUM(balance) FROM accounts", on: connection)
  }

  /// Random transfers of a client; every eighth is repeated at once, as after a lost answer.
  func run(client: Int, transfers: Int) async throws -> [String: Answer] {
    let connection = try await Connection.open(options)
    var random = SystemRandomNumberGenerator()
    var answers: [String: Answer] = [:]
    do {
      for number in 0..<transfers {
        let from = Int.random(in: 1...Self.accounts, using: &random)
        let to = 1 + (from - 1 + Int.random(in: 1..<Self.accounts, using: &random)) % Self.accounts
        let transfer = Transfer(
          key: "client-\(client)-\(number)", from: from, to: to,
          amount: Int.random(in: 1...400, using: &random))
        let answer = try await Self.post(transfer, on: connection)
        answers[transfer.key] = answer
        if number % 8 == 0, try await Self.post(transfer, on: connection) != answer {
          answers[transfer.key + " again"] = answer
        }
      }
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
    return answers
  }
}
