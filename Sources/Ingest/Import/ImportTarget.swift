import PayopsCore

/// A table that files can fill, through its staging table.
package enum ImportTarget: String, Sendable, Codable, CaseIterable {
  /// Payments.
  case transactions
  /// Accounts with their customers.
  case accounts
  /// Customers.
  case customers
  /// Settlements of payments.
  case settlements
  /// Logins of customers.
  case logins = "login_activity"
  /// Payments per minute and status, counted by another system.
  case statusCounts = "imported_status_counts"
  /// Payments per minute and response code, counted by another system.
  case responseCodeCounts = "imported_response_code_counts"

  /// The states of a payment.
  static let states = Set(PaymentState.allCases.map(\.rawValue))

  /// The type of a column.
  enum ColumnKind: Sendable, Equatable {
    /// Text of at most so many characters.
    case text(Int)
    /// ASCII text of at most so many characters.
    case ascii(Int)
    /// DECIMAL(19,4).
    case decimal
    /// A whole number of a range.
    case integer(ClosedRange<Int64>)
    /// A day.
    case date
    /// A time, to the second.
    case seconds
    /// A time, to the millisecond.
    case milliseconds
    /// A time on a whole minute.
    case minute
    /// 0 or 1.
    case boolean
  }

  /// A column of the staging table.
  struct Column: Sendable, Equatable {
    let name: String
    let kind: ColumnKind
    /// Whether every mapping must fill it and every record must have it.
    var isRequired = false
    /// Whether it is free text, which may hold a card number.
    var isFreeText = false
  }

  /// The staging table.
  var stagingTable: String {
    switch self {
    case .transactions: "import_staged_transactions"
    case .accounts: "import_staged_accounts"
    case .customers: "import_staged_customers"
    case .settlements: "import_staged_settlements"
    case .logins: "import_staged_logins"
    case .statusCounts, .responseCodeCounts: "import_staged_counts"
    }
  }

  /// Whether the natural key comes from the columns that the mapping names.
  var needsNaturalKey: Bool { self != .statusCounts && self != .responseCodeCounts }

  /// Whether keys of earlier imports may be stored as a former digest.
  var hasFormerKeys: Bool { self == .transactions || self == .accounts }

  /// Whether rows have a state.
  var hasStates: Bool { self == .transactions || self == .statusCounts }

  /// Groups of columns of which a mapping must fill exactly one.
  var alternatives: [[String]] {
    switch self {
    case .transactions: [["account_id", "account_reference"]]
    case .settlements: [["transaction_id", "transaction_reference"]]
    case .logins: [["customer_id", "customer_reference"]]
    case .accounts, .customers, .statusCounts, .responseCodeCounts: []
    }
  }

  /// The columns that a mapping can fill.
  var columns: [Column] {
    switch self {
    case .transactions: Self.transactionColumns + Self.dimensionColumns
    case .accounts: Self.accountColumns
    case .customers: Self.customerColumns
    case .settlements: Self.settlementColumns
    case .logins: Self.loginColumns
    case .statusCounts: Self.countColumns(member: .text(40))
    case .responseCodeCounts: Self.countColumns(member: .ascii(8))
    }
  }

  private static func countColumns(member: ColumnKind) -> [Column] {
    [
      Column(name: "metric_minute", kind: .minute, isRequired: true),
      Column(name: "member", kind: member, isRequired: true),
      Column(name: "payment_count", kind: .integer(0...Int64(Int32.max)), isRequired: true),
    ]
  }

  private static let id = ColumnKind.integer(1...Int64.max)

  /// The columns by which payments are counted.
  private static let dimensionColumns: [Column] =
    Dimension.allCases.filter { $0 != .all }.map {
      Column(
        name: $0.rawValue, kind: $0.isASCII ? .ascii($0.maximumLength) : .text($0.maximumLength),
        isRequired: !$0.isOptional)
    }

  private static let transactionColumns: [Column] = [
    Column(name: "transaction_id", kind: id),
    Column(name: "account_reference", kind: .text(64)),
    Column(name: "counterparty_reference", kind: .text(64)),
    Column(name: "account_id", kind: id),
    Column(name: "counterparty_account_id", kind: id),
    Column(name: "transaction_time", kind: .seconds, isRequired: true),
    Column(name: "transaction_amount", kind: .decimal, isRequired: true),
    Column(name: "currency", kind: .ascii(3), isRequired: true),
    Column(name: "base_amount", kind: .decimal),
    Column(name: "status", kind: .text(40), isRequired: true),
    Column(name: "counterparty_iban", kind: .ascii(34)),
    Column(name: "counterparty_handle", kind: .ascii(100)),
    Column(name: "title", kind: .text(140), isFreeText: true),
    Column(name: "balance_after", kind: .decimal),
    Column(name: "requested_at", kind: .milliseconds),
    Column(name: "responded_at", kind: .milliseconds),
    Column(name: "order_reference", kind: .ascii(40)),
    Column(name: "is_final_attempt", kind: .boolean),
    Column(name: "idempotency_key", kind: .ascii(64)),
    Column(name: "source_status", kind: .text(40)),
    Column(name: "status_changed_at", kind: .seconds),
    Column(name: "ingested_at", kind: .seconds),
  ]

  private static let accountColumns: [Column] = [
    Column(name: "customer_reference", kind: .text(64)),
    Column(name: "name", kind: .text(100), isFreeText: true),
    Column(name: "country", kind: .ascii(2)),
    Column(name: "account_type", kind: .ascii(12)),
    Column(name: "currency", kind: .ascii(3), isRequired: true),
    Column(name: "balance", kind: .decimal),
    Column(name: "opened_at", kind: .seconds, isRequired: true),
  ]

  private static let customerColumns: [Column] = [
    Column(name: "name", kind: .text(100), isRequired: true, isFreeText: true),
    Column(name: "first_name", kind: .text(50), isFreeText: true),
    Column(name: "last_name", kind: .text(50), isFreeText: true),
    Column(name: "identifier", kind: .text(32)),
    Column(name: "birth_date", kind: .date),
    Column(name: "email", kind: .text(120)),
    Column(name: "phone", kind: .text(32)),
    Column(name: "gender", kind: .ascii(1)),
    Column(name: "locale", kind: .ascii(12)),
    Column(name: "country", kind: .ascii(2), isRequired: true),
    Column(name: "risk_category", kind: .ascii(8)),
    Column(name: "kyc_status", kind: .ascii(12)),
    Column(name: "account_open_date", kind: .date, isRequired: true),
    Column(name: "is_active", kind: .boolean),
  ]

  private static let settlementColumns: [Column] = [
    Column(name: "transaction_reference", kind: .text(64)),
    Column(name: "transaction_id", kind: id),
    Column(name: "rail", kind: .ascii(16), isRequired: true),
    Column(name: "settlement_status", kind: .ascii(16)),
    Column(name: "settlement_amount", kind: .decimal, isRequired: true),
    Column(name: "currency", kind: .ascii(3), isRequired: true),
    Column(name: "base_amount", kind: .decimal),
    Column(name: "accepted_at", kind: .seconds, isRequired: true),
    Column(name: "due_at", kind: .seconds),
    Column(name: "settlement_date", kind: .seconds),
  ]

  private static let loginColumns: [Column] = [
    Column(name: "customer_reference", kind: .text(64)),
    Column(name: "customer_id", kind: id),
    Column(name: "login_time", kind: .seconds, isRequired: true),
    Column(name: "login_status", kind: .ascii(16), isRequired: true),
    Column(name: "ip_address", kind: .ascii(45)),
    Column(name: "location", kind: .text(64)),
    Column(name: "device", kind: .text(40), isFreeText: true),
  ]
}
